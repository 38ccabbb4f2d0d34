"""A real browser that drops pictures on an export's page. It is not on every machine."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

RUNTIME = "CNNGUI_ONNXRUNTIME_WEB"
"""The environment variable that names the folder ``dist`` of npm's onnxruntime-web."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60

_DRIVER = """<!doctype html><iframe></iframe><script type="module">
const tell = (value) => fetch("/done", { method: "POST", body: JSON.stringify(value) });
try {
  const frame = document.querySelector("iframe");
  await new Promise((done) => { frame.onload = done; frame.src = "/index.html"; });
  const page = frame.contentWindow;
  const { classify, read, views } = await page.eval('import("/answer.js")');
  const card = await (await fetch("/card.json")).json().catch(() => null);
  const answers = [];
  for (const name of NAMES) {
    const file = new page.File([await (await fetch("/pictures/" + name)).blob()], name);
    const transfer = new page.DataTransfer();
    transfer.items.add(file);
    const target = page.document.querySelector("label");
    target.dispatchEvent(new page.DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    const item = page.document.querySelector("li");
    while (item.textContent.endsWith("…")) await new Promise((done) => setTimeout(done, 1));
    const { classes, likeness, known } = await classify(file).catch(() => ({}));
    const pixels = await read(file).then((image) => views(image, card).map((each) => [...each])).catch(() => []);
    answers.push({ text: item.textContent, classes, likeness, known, pixels });
  }
  await tell(answers);
} catch (error) {
  await tell({ error: String(error.stack) });
}
</script>"""


def browser() -> str | None:
    """The path of a browser, if there is one."""
    return next((found for found in map(shutil.which, BROWSERS) if found), None)


def answers(export: Path, pictures: Sequence[Path], profile: Path) -> list[dict[str, Any]]:
    """What the page of the export says of each picture, and the numbers behind it.

    profile: an empty folder for the browser.
    """
    (export / "onnxruntime-web").mkdir()
    for name in ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"):
        shutil.copy(Path(os.environ[RUNTIME]) / name, export / "onnxruntime-web" / name)
    (export / "pictures").mkdir()
    for picture in pictures:
        shutil.copy(picture, export / "pictures" / picture.name)
    names = json.dumps([picture.name for picture in pictures])
    (export / "driver.html").write_text(_DRIVER.replace("NAMES", names), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(export))) as server:
        server.found = threading.Event(), []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/driver.html"
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}"]
        path = browser()
        assert path is not None
        process = subprocess.Popen([path, *options, address], stderr=subprocess.DEVNULL)
        try:
            is_done, found = server.found  # type: ignore[attr-defined]
            assert is_done.wait(SECONDS), "the page did not answer"
        finally:
            process.terminate()
            process.wait()
            server.shutdown()
    (result,) = found
    assert isinstance(result, list), result
    return result


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def do_POST(self) -> None:
        is_done, found = self.server.found  # type: ignore[attr-defined]
        found.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()
        is_done.set()

    def log_message(self, *_args: object) -> None:
        """No lines on standard error."""
