"""The command with its page, a browser that drives it, and photos made from the samples."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLES = REPOSITORY / "tests" / "samples"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
COMMAND = TARGET / "release" / "gradphoto"

# The person of the samples smiles, in a flight suit: what she and her photographer did is left to a person here, a
# face too far away may be granted, and what is wrong with a file may not.
LEFT_TO_A_PERSON = """head-top-margin head-roll head-pitch head-yaw shoulders-level mouth-closed
expression-neutral ears-visible hair-tidy hair-colour necklace-absent clothing-pattern collar-present"""
PROFILE = 'extends = "he-2017"\noverridable = ["eye-line", "face-width"]\n' + "".join(
    f'[rules.{rule}]\nseverity = "ask"\n' for rule in LEFT_TO_A_PERSON.split())


def environment(home: Path) -> dict[str, str]:
    """A home of its own, and the engine of the Python package where it is installed: four times quicker."""
    found = dict(os.environ, HOME=str(home), XDG_DATA_HOME=str(home / "data"), LANG="zh_CN.UTF-8")
    try:
        import onnxruntime
    except ImportError:
        return found
    libraries = sorted(Path(onnxruntime.__path__[0], "capi").glob("libonnxruntime.so.*"))
    return found | {"GRADPHOTO_ONNXRUNTIME": str(libraries[0])} if libraries else found


@dataclass
class App:
    """The command, running, and where its page is."""

    process: subprocess.Popen[str]
    address: str

    @property
    def port(self) -> int:
        return int(re.search(r":(\d+)/", self.address).group(1))

    @property
    def path(self) -> str:
        return re.search(r":\d+(/[0-9a-f]+/)", self.address).group(1)

    def ask(self, path: str, body: object = None, headers: dict[str, str] | None = None) -> tuple[int, object]:
        """What the program answers to the page; bytes go as they are."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        given = {"Content-Type": "application/json", **(headers or {})}
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body)
        connection.request("GET" if body is None else "POST", f"{self.path}api/{path}", sent, given)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content.startswith((b"{", b"[")) else content

    def changes(self) -> dict:
        return self.ask("changes")[1]

    def wait(self, is_so: Callable[[dict], bool], seconds: float = 120) -> dict:
        """What the program says once it is so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            told = self.changes()
            if is_so(told):
                return told
            time.sleep(0.1)
        raise AssertionError(f"not so after {seconds} s: {told['run']} {len(told['rows'])} rows")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Starts the command as a person does, without a browser of its own."""
    running: list[App] = []

    def start(*arguments: str | Path) -> App:
        command = [COMMAND, *arguments, "--no-open", "--lang", "zh"]
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(home))
        for line in process.stdout:
            if "http://" in line:
                break
        app = App(process, line.strip())
        running.append(app)
        return app

    yield start
    for app in running:
        app.process.kill()
        app.process.wait()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with a camera that shows a sample, and no sandbox for root, as the page is ours."""
    film = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    film.write_bytes((SAMPLES / "blue.jpg").read_bytes() * 8)
    arguments = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the page for a person who has never seen it; whatever goes wrong in it, or leaves the machine, fails the test."""
    trouble: list[str] = []
    contexts = []

    def opened(app: App, view: str = "try", size: tuple[int, int] = (1366, 768)) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", permissions=["camera"])
        contexts.append(context)
        page = context.new_page()
        own = (f"http://127.0.0.1:{app.port}/", "blob:", "data:")
        page.on("request", lambda request: None if request.url.startswith(own) else trouble.append(request.url))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
        page.goto(app.address.split("#")[0] + f"#{view}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not trouble


def name_of(number: int) -> str:
    """A name of its own for each student; a roster's names hold no digits."""
    return "王" + "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:03d}")


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 photos in three classes, every one another crop of a sample, and a roster of 310."""
    folder = tmp_path_factory.mktemp("school") / "2026届"
    originals = [Image.open(SAMPLES / f"{name}.jpg").convert("RGB") for name in ("blue", "enlarged", "flag-behind")]
    lines = ["学号,姓名,院系,班级,时间,地点"]
    for number in range(310):
        department, klass = [("计算机学院", "软件1班"), ("计算机学院", "软件2班"), ("外国语学院", "英语1班")][number % 3]
        lines.append(f"2021{number:06d},{name_of(number)},{department},{klass},12月2日9:00,图书馆")
        if number >= 300:
            continue
        place = folder / department / klass
        place.mkdir(parents=True, exist_ok=True)
        shift = number // 3
        box = (shift % 10, shift // 10, 480 - 9 + shift % 10, 640 - 9 + shift // 10)
        copy = originals[number % 3].resize((480, 640)).crop(box).resize((480, 640))
        copy.save(place / f"2021{number:06d}.jpg", quality=88, dpi=(300, 300))
    (folder.parent / "名册.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return folder


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Six photos of which some are left to a person; names that mean harm among them."""
    folder = tmp_path / "照片" / "1班"
    folder.mkdir(parents=True)
    names = ["张三", "<script>alert(1)<_script>", "=cmd|' _C calc'!A0", "x\u202egpj.x", "n" * 200, "李四"]
    samples = ["blue", "enlarged", "flag-behind", "low-quality", "renamed-png", "not-a-photo"]
    for name, sample in zip(names, samples, strict=True):
        shutil.copy(SAMPLES / f"{sample}.jpg", folder / f"{name}.jpg")
    (tmp_path / "profile.toml").write_text(PROFILE, encoding="utf-8")
    return folder.parent
