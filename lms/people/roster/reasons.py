"""Every reason why a roster, a row or a cell is refused or needs a look."""

from lms.core.tables import MESSAGES, TableError
from lms.core.text import N_

#: What people read for each reason; placeholders: row, column, value, other_row, seen.
REASONS = {
    **MESSAGES,
    # The roster as a whole.
    "no_name_column": N_(
        "No column holds people's names. Give one column the header “Họ và tên”. "
        "Headers seen: {seen}."
    ),
    "no_people": N_("No people were found under the headers."),
    "ethnicity_not_read": N_("Ethnic origin is sensitive data: the column is not read."),
    "sex_marked_once": N_(
        "Only one sex has a column, so people without a mark are taken as not recorded."
    ),
    # Names.
    "name_missing": N_("The name is missing."),
    "name_formula": N_("The name begins like a formula: “{value}”."),
    "name_digits": N_("The name holds digits: “{value}”."),
    "name_symbols": N_("The name holds signs that no name has: “{value}”."),
    "name_legacy_font": N_(
        "The name is typed in an old font (TCVN3). Convert the file to Unicode first: “{value}”."
    ),
    "name_is_agency": N_("This looks like an agency, not a person: “{value}”."),
    "name_too_long": N_("The name is too long: “{value}”."),
    "name_recased": N_("The name was written in one case; its capitals were put right: “{value}”."),
    "name_title_dropped": N_("The form of address before the name was left out: “{value}”."),
    "name_single_word": N_("The name has a single word. Is it whole?"),
    # Birth.
    "birth_impossible": N_("There is no such date: “{value}”. Write it as day/month/year."),
    "birth_two_digit_year": N_("Write the year of birth with four digits: “{value}”."),
    "birth_unreadable": N_("This is not a date of birth: “{value}”. Write it as day/month/year."),
    "birth_in_future": N_("The date of birth lies in the future: “{value}”."),
    "birth_unlikely": N_("The person would be under 16 or over 90. Please check: “{value}”."),
    "birth_year_only": N_("Only the year of birth is known: {value}. No date was made up."),
    # Sex.
    "sex_unreadable": N_("The sex is neither “Nam” nor “Nữ”: “{value}”."),
    "sex_both": N_("Both “Nam” and “Nữ” are filled in."),
    # Codes, addresses, texts.
    "code_unreadable": N_("This is not a staff code: “{value}”."),
    "phone_unreadable": N_("This is not a phone number and was left out: “{value}”."),
    "phone_zero_restored": N_("The 0 that Excel dropped was put back before the phone number."),
    "phone_second_dropped": N_("The cell holds several phone numbers; the first was kept."),
    "email_unreadable": N_("This is not an e-mail address: “{value}”."),
    "cccd_unreadable": N_("A citizen identity number has 12 digits."),
    "cccd_zero_restored": N_("The 0 that Excel dropped was put back before the identity number."),
    "cccd_old_number": N_("This is an old identity card number of 9 digits and was left out."),
    "cccd_sex_disagrees": N_("The identity number belongs to the other sex. Please check."),
    "cccd_year_disagrees": N_("The identity number tells another year of birth. Please check."),
    "text_too_long": N_("The text in “{column}” is too long."),
    # Twice in the file.
    "duplicate_code": N_("Row {other_row} has the same staff code: “{value}”."),
    "duplicate_cccd": N_("Row {other_row} has the same identity number."),
    "duplicate_person": N_("Row {other_row} is the same person (name, birth and agency)."),
    "possible_duplicate": N_(
        "Row {other_row} has the same name and agency, and no birth tells the two apart."
    ),
    "duplicate_phone": N_("Row {other_row} has the same phone number; it was kept there only."),
    "duplicate_email": N_("Row {other_row} has the same e-mail address; it was kept there only."),
}

#: The reasons that do not keep a row out.
WARNINGS = frozenset(
    {
        "ethnicity_not_read",
        "sex_marked_once",
        "name_recased",
        "name_title_dropped",
        "name_single_word",
        "birth_unlikely",
        "birth_year_only",
        "phone_unreadable",
        "phone_zero_restored",
        "phone_second_dropped",
        "cccd_zero_restored",
        "cccd_old_number",
        "cccd_sex_disagrees",
        "cccd_year_disagrees",
        "possible_duplicate",
        "duplicate_phone",
        "duplicate_email",
    }
)


class RosterError(TableError):
    """A table that can be read but is no roster; ``code`` is a key of REASONS."""
