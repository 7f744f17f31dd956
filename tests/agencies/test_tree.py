"""The browsable tree of agencies."""

from tests.factories import Factory
from tests.services.page_client import PageClient


def test_search_without_diacritics_finds_hiep_hoa(make: Factory, client: PageClient) -> None:
    province = make.agency("Tỉnh Bắc Ninh")
    make.agency("Xã Hiệp Hoà", parent=province, kind="commune")
    make.agency("Xã Sơn Động", parent=province, kind="commune")
    client.sign_in(make.person(agency=province))

    page = client.get("/agencies/?q=hiep+hoa").text

    assert "Xã Hiệp Hoà" in page
    assert "Xã Sơn Động" not in page
