"""Files: whole or not at all, found by their key, never outside their folder."""

import hashlib
import shutil
from pathlib import Path

import pytest
from flask import Flask

from lms.core import storage
from tests.services.page_client import PageClient


def test_a_file_is_replaced_whole_and_its_hash_is_told(app: Flask) -> None:
    with app.app_context():
        storage.put("tests/hai", b"old " * 1000)
        new = "Giấy chứng nhận".encode()
        assert storage.put("tests/hai", new) == hashlib.sha256(new).hexdigest()
        assert storage.get("tests/hai") == new


def test_what_is_not_there_may_be_deleted(app: Flask) -> None:
    with app.app_context():
        assert storage.exists("tests/khong-co") is False
        storage.delete("tests/khong-co")


@pytest.mark.parametrize("key", ["../outside", "a/../../outside", "/../outside"])
def test_no_key_leads_out_of_the_folder(app: Flask, key: str) -> None:
    folder = Path(str(app.config["LMS_DATA_DIR"]))
    with app.app_context(), pytest.raises(ValueError, match="illegal"):
        storage.put(key, b"x")
    assert list(folder.parent.rglob("outside")) == []


def test_readiness_names_what_does_not_answer(live_app: Flask) -> None:
    client = live_app.test_client()
    assert isinstance(client, PageClient)
    assert client.get("/readyz").get_json() == {"database": True, "queue": True, "storage": True}
    folder = Path(str(live_app.config["LMS_DATA_DIR"])) / "files"
    shutil.rmtree(folder)
    folder.write_text("not a folder")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json() == {"database": True, "queue": True, "storage": False}
