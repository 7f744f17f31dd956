"""Packages for tests, written here: SCORM 1.2, SCORM 2004, H5P, and one that means harm."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from courses.files import storage_key
from courses.models import Course, Lesson, Media, Module, Package, Revision
from courses.services.packages.unpacking import keep_package
from lms.core import storage
from lms.core.clock import now
from lms.core.db import db
from lms.people.models import Person
from tests.factories import Factory

FILE = "packages/goi.zip"

#: A lesson of three pages; the third ends it. It writes what it was given into the page.
SCO = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Gói thử</title><script src="sco.js" defer></script></head>
<body><h1>Gói thử</h1><p id="entry"></p><p id="page"></p>
<button id="next">Trang sau</button><button id="end">Nộp bài</button></body></html>
"""
SCO_12 = """
let win = window; while (!win.API && win.parent !== win) win = win.parent;
const api = win.API;
api.LMSInitialize('');
let page = Number(api.LMSGetValue('cmi.core.lesson_location') || 1);
document.getElementById('entry').textContent =
  api.LMSGetValue('cmi.core.entry') + ' ' + api.LMSGetValue('cmi.suspend_data');
const show = () => { document.getElementById('page').textContent = 'Trang ' + page; };
show();
document.getElementById('next').onclick = () => {
  page += 1; show();
  api.LMSSetValue('cmi.core.lesson_location', String(page));
  api.LMSSetValue('cmi.suspend_data', 'đã xem ' + page);
  api.LMSCommit('');
};
document.getElementById('end').onclick = () => {
  api.LMSSetValue('cmi.core.score.raw', '80');
  api.LMSSetValue('cmi.core.score.min', '0');
  api.LMSSetValue('cmi.core.score.max', '100');
  api.LMSSetValue('cmi.core.lesson_status', 'passed');
  api.LMSFinish('');
  document.getElementById('page').textContent = 'Xong';
};
window.addEventListener('unload', () => { api.LMSSetValue('cmi.core.exit', 'suspend'); api.LMSFinish(''); });
"""
SCO_2004 = """
let win = window; while (!win.API_1484_11 && win.parent !== win) win = win.parent;
const api = win.API_1484_11;
api.Initialize('');
let page = Number(api.GetValue('cmi.location') || 1);
document.getElementById('entry').textContent =
  api.GetValue('cmi.entry') + ' ' + api.GetValue('cmi.suspend_data');
const show = () => { document.getElementById('page').textContent = 'Trang ' + page; };
show();
document.getElementById('next').onclick = () => {
  page += 1; show();
  api.SetValue('cmi.location', String(page));
  api.SetValue('cmi.suspend_data', 'đã xem ' + page);
  api.SetValue('cmi.interactions.0.id', 'cau-1');
  api.SetValue('cmi.interactions.0.type', 'true-false');
  api.SetValue('cmi.interactions.0.learner_response', 'true');
  api.Commit('');
};
document.getElementById('end').onclick = () => {
  api.SetValue('cmi.score.scaled', '0.8');
  api.SetValue('cmi.completion_status', 'completed');
  api.SetValue('cmi.success_status', 'passed');
  api.Terminate('');
  document.getElementById('page').textContent = 'Xong';
};
window.addEventListener('unload', () => { api.SetValue('cmi.exit', 'suspend'); api.Terminate(''); });
"""
_ROW = '<item identifier="ITEM-1" identifierref="R"><title>Bài</title></item>'
MANIFEST_12 = f"""<?xml version="1.0"?>
<manifest identifier="M" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>Gói thử</title>{_ROW}</organization></organizations>
<resources><resource identifier="R" type="webcontent" adlcp:scormtype="sco" href="index.html">
<file href="index.html"/><file href="sco.js"/></resource></resources></manifest>
"""
MANIFEST_2004 = MANIFEST_12.replace("<schemaversion>1.2<", "<schemaversion>2004 4th Edition<")

#: A content type of H5P with one button to go on and one to end; H5P's own libraries stay out.
H5P_JS = """
var H5P = H5P || {};
H5P.BaiThu = (function ($, EventDispatcher) {
  function BaiThu(params, contentId, extras) {
    EventDispatcher.call(this);
    this.contentId = contentId;
    this.page = (extras && extras.previousState && extras.previousState.page) || 1;
    this.params = params;
  }
  BaiThu.prototype = Object.create(EventDispatcher.prototype);
  BaiThu.prototype.attach = function ($container) {
    const self = this;
    const picture = H5P.getPath(this.params.picture.path, this.contentId);
    $container.html('<p class="phan-them">' + H5P.PhanThem(this.params.text) + '</p><img id="picture" alt="" src="' + picture + '">'
      + '<p id="page">Trang ' + this.page + '</p>'
      + '<button id="next">Trang sau</button><button id="end">Nộp bài</button>');
    $container.find('#next').on('click', function () {
      self.page += 1;
      $container.find('#page').text('Trang ' + self.page);
      self.triggerXAPI('interacted');
    });
    $container.find('#end').on('click', function () {
      self.triggerXAPIScored(4, 5, 'completed', true, true);
      $container.find('#page').text('Xong');
    });
  };
  BaiThu.prototype.getCurrentState = function () { return { page: this.page }; };
  BaiThu.prototype.getTitle = function () { return 'Bài thử'; };
  return BaiThu;
})(H5P.jQuery, H5P.EventDispatcher);
"""
_VERSION = {"majorVersion": 1, "minorVersion": 0}
H5P: Mapping[str, str] = {
    "h5p.json": json.dumps(
        {
            "title": "Bài thử",
            "language": "vi",
            "mainLibrary": "H5P.BaiThu",
            "embedTypes": ["iframe"],
            "preloadedDependencies": [
                {"machineName": "H5P.BaiThu", **_VERSION},
                {"machineName": "H5P.PhanThem", "majorVersion": 2, "minorVersion": 1},
            ],
        }
    ),
    "content/content.json": json.dumps(
        {"text": "nội dung thử", "picture": {"path": "images/hinh.svg", "mime": "image/svg+xml"}}
    ),
    "content/images/hinh.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="9" height="9"/></svg>'
    ),
    # A library that the main one needs, with a style of its own.
    "H5P.PhanThem-2.1/library.json": json.dumps(
        {
            "title": "Phần thêm",
            "machineName": "H5P.PhanThem",
            "majorVersion": 2,
            "minorVersion": 1,
            "patchVersion": 3,
            "runnable": 0,
            "preloadedJs": [{"path": "js/phan-them.js"}],
            "preloadedCss": [{"path": "css/phan-them.css"}],
        }
    ),
    "H5P.PhanThem-2.1/js/phan-them.js": ("H5P.PhanThem = (text) => text.toUpperCase();"),
    "H5P.PhanThem-2.1/css/phan-them.css": ".phan-them { text-align: right; }",
    "H5P.BaiThu-1.0/library.json": json.dumps(
        {
            "title": "Bài thử",
            "machineName": "H5P.BaiThu",
            **_VERSION,
            "patchVersion": 0,
            "runnable": 1,
            "preloadedJs": [{"path": "bai-thu.js"}],
            "preloadedDependencies": [
                {"machineName": "H5P.PhanThem", "majorVersion": 2, "minorVersion": 1}
            ],
        }
    ),
    "H5P.BaiThu-1.0/bai-thu.js": H5P_JS,
}
SCORM_12: Mapping[str, str] = {"imsmanifest.xml": MANIFEST_12, "index.html": SCO, "sco.js": SCO_12}
SCORM_2004: Mapping[str, str] = {
    "imsmanifest.xml": MANIFEST_2004,
    "index.html": SCO,
    "sco.js": SCO_2004,
}

#: Tries whatever a package may not do, and writes what came of it into the page.
_HOSTILE_JS = """
const product = PRODUCT, found = {}, tries = [];
const attempt = (name, act) => tries.push((async () => {
  try { found[name] = String(await act()); } catch (error) { found[name] = 'refused'; }
})());
const forged = { kind: 'report', ended: true, state: { cmi: { core: { lesson_status: 'passed', score: { raw: '100' } } } } };
attempt('top document', () => top.document.title);
attempt('top storage', () => top.localStorage.length);
attempt('grandparent', () => parent.parent.document.body.innerHTML);
attempt('frame element', () => parent.frameElement ? 'read' : 'refused');
attempt('cookie', () => { document.cookie = 'theirs=1; path=/'; return document.cookie.includes('lms') ? 'read' : 'refused'; });
for (const mode of ['cors', 'no-cors']) {
  attempt('fetch ' + mode, () => fetch(product + '/people/me', { credentials: 'include', mode }).then(() => 'sent'));
  attempt('post ' + mode, () => fetch(product + '/sign-out', { method: 'POST', credentials: 'include', mode, body: 'x=1' }).then(() => 'sent'));
}
attempt('image', () => new Promise((resolve, reject) => {
  const image = new Image(); image.onload = () => resolve('loaded'); image.onerror = reject; image.src = product + '/static/build/favicon.svg';
}));
attempt('script', () => new Promise((resolve, reject) => {
  const script = document.createElement('script'); script.onload = () => resolve('ran'); script.onerror = reject;
  script.src = product + '/static/build/app.js'; document.head.append(script);
}));
attempt('beacon', () => { navigator.sendBeacon(product + '/sign-out', 'x=1'); return 'refused'; });
attempt('socket', () => new Promise((resolve, reject) => {
  const socket = new WebSocket(product.replace('http', 'ws') + '/'); socket.onopen = () => resolve('open'); socket.onerror = reject;
}));
attempt('top navigation', () => { top.location.href = product + '/help'; return 'sent'; });
attempt('top replace', () => { top.location.replace(product + '/help'); return 'sent'; });
attempt('link to top', () => {
  const link = Object.assign(document.createElement('a'), { href: product + '/help', target: '_top' });
  document.body.append(link); link.click(); return 'refused';
});
attempt('pop-up', () => window.open(product + '/help') ? 'opened' : 'refused');
attempt('link to a new tab', () => {
  const link = Object.assign(document.createElement('a'), { href: product + '/help', target: '_blank' });
  document.body.append(link); link.click(); return 'refused';
});
const send = (target) => {
  const form = Object.assign(document.createElement('form'), { action: product + '/sign-out', method: 'post', target });
  document.body.append(form); form.submit(); return 'refused';
};
for (const target of ['_top', '_blank', '_parent']) attempt('form ' + target, () => send(target));
// These end the package itself: they are called once its report is read.
window.sendItself = () => send('_self');
window.goAway = () => { location.href = product + '/help'; };
attempt('dialog', () => { alert('hello'); return confirm('really?') ? 'asked' : 'refused'; });
attempt('worker of the origin', () => navigator.serviceWorker.register('sw.js').then(() => 'registered'));
attempt('place', () => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(() => resolve('known'), reject)));
attempt('camera', () => navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'on'));
attempt('whole screen', () => document.documentElement.requestFullscreen().then(() => 'full'));
attempt('download', () => {
  const link = Object.assign(document.createElement('a'), { href: 'sw.js', download: 'bai-tap.exe' });
  document.body.append(link); link.click(); return 'refused';
});
attempt('frame of the product', () => new Promise((resolve) => {
  const frame = document.createElement('iframe'); frame.onload = () => {
    try { resolve(frame.contentDocument.title ? 'read' : 'refused'); } catch { resolve('refused'); }
  };
  frame.src = product + '/people/me'; document.body.append(frame); setTimeout(() => resolve('refused'), 500);
}));
attempt('forged message', () => { top.postMessage(forged, '*'); return 'refused'; });
Promise.race([Promise.all(tries), new Promise((resolve) => setTimeout(resolve, 4000))]).then(() => {
  document.getElementById('report').textContent = JSON.stringify(found);
});
"""


def hostile(product: str) -> dict[str, str]:
    """Return a package that tries to reach the product at an address."""
    page = (
        '<!doctype html><meta charset="utf-8"><p id="report"></p><script src="hostile.js"></script>'
    )
    return {
        "imsmanifest.xml": MANIFEST_12,
        "index.html": page,
        "hostile.js": _HOSTILE_JS.replace("PRODUCT", json.dumps(product)),
        "sw.js": "self.onfetch = () => {};",
    }


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of these files, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()


def keep(make: Factory, files: Mapping[str, str | bytes]) -> str:
    """Keep a package as an import does; return the hash of its zip."""
    data = zipped(files)
    sha256 = hashlib.sha256(data).hexdigest()
    with make.writing():
        storage.put(storage_key(sha256), data)
        keep_package(io.BytesIO(data), sha256)
    return sha256


def package_course(
    make: Factory,
    files: Mapping[str, str | bytes],
    standard: str = "scorm12",
    *,
    launch: str = "index.html",
    score_completes: bool = False,
    owner: Person | None = None,
    published: bool = True,
    **lesson: Any,
) -> Course:
    """Make a course of one package, key ``goi``, and a text after it."""
    sha256 = keep(make, files)
    course = make.course("Khóa có gói bài học", lessons=1, owner=owner, published=published)
    with make.writing():
        revision = db.session.scalars(
            db.select(Revision).where(Revision.course_id == course.id)
        ).one()
        module = db.session.scalars(
            db.select(Module).where(Module.revision_id == revision.id)
        ).one()
        size = sum(
            db.session.scalars(db.select(Package).where(Package.sha256 == sha256))
            .one()
            .files.values()
        )
        db.session.add(
            Media(
                revision_id=revision.id,
                name=FILE,
                sha256=sha256,
                content_type="application/zip",
                size=size,
            )
        )
        text = db.session.scalars(db.select(Lesson).where(Lesson.revision_id == revision.id)).one()
        text.position = 2
        facts = {"title": "Gói bài học", "minutes": 10, "required": True, **lesson}
        settings = {
            "file": FILE,
            "standard": standard,
            "launch": "" if standard == "h5p" else launch,
            "score_completes": score_completes,
        }
        db.session.add(
            Lesson(
                revision_id=revision.id,
                module_id=module.id,
                key="goi",
                position=1,
                kind="package",
                settings=settings,
                **facts,
            )
        )
        revision.updated_at = now()
    return course
