"""A page that says no is as sound as the others, and shows a way on."""

from lms.seed.accounts import ACCOUNTS
from tests.browser.site import Site
from tests.browser.visitor import Visit


def test_an_unknown_or_forbidden_address_is_answered_with_a_page(visit: Visit, site: Site) -> None:
    trainee = visit()
    trainee.open("/khong-co-trang-nay", status=404)
    assert trainee.has("error-page")
    trainee.sign_in(ACCOUNTS["trainee"].username, site.demo_password)
    trainee.open("/people/", status=403)
    assert trainee.has("error-page")


def test_a_wrong_password_is_told_where_a_reader_hears_it_first(visit: Visit, site: Site) -> None:
    trainee = visit()
    trainee.sign_in(ACCOUNTS["trainee"].username, "không phải mật khẩu này")
    assert trainee.page.evaluate("document.activeElement.dataset.test") == "error-summary"
    assert trainee.find("username").input_value() == ACCOUNTS["trainee"].username


def test_a_code_that_nobody_was_given_is_refused_at_its_field(visit: Visit) -> None:
    stranger = visit()
    stranger.open("/activate")
    stranger.write("code", "ABCD-EFGH-JKMN")
    stranger.follow("continue")
    assert stranger.find("code").get_attribute("aria-invalid") == "true"
