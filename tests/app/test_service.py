"""The service as programs use it: what it answers, what it refuses, what its description says."""

import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import COMMAND, SAMPLES, environment

TOKEN = "a-token-of-this-test"
PHOTO = (SAMPLES / "blue.jpg").read_bytes()


class Service:
    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def ask(self, path: str, body: bytes | None = None, token: str | None = TOKEN, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        connection.request("GET" if body is None else "POST", path, body, sent)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[], Service]]:
    running = []
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")

    def serve() -> Service:
        command = [COMMAND, "serve", "--listen", "127.0.0.1:0", "--token-file", token]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(tmp_path))
        running.append(process)
        return Service(process, int(process.stdout.readline().split(":")[2].split("/")[0]))

    yield serve
    for process in running:
        process.kill()
        process.wait()


def test_a_photo_is_judged_as_the_command_judges_it(serve: Callable[[], Service], tmp_path: Path) -> None:
    service = serve()
    command = [COMMAND, "check", "blue.jpg", "--format", "jsonl"]
    printed = subprocess.run(command, cwd=SAMPLES, capture_output=True, text=True, env=environment(tmp_path)).stdout
    code, headers, body = service.ask("/v1/check?name=blue.jpg", PHOTO)
    assert code == 200 and headers["content-type"] == "application/json"
    assert json.loads(body) == json.loads(printed)
    form = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="blue.jpg"\r\n\r\n' + PHOTO + b"\r\n--x--\r\n"
    code, _, sent = service.ask("/v1/check", form, Content_Type="multipart/form-data; boundary=x")
    assert (code, sent) == (200, body)
    assert json.loads(service.ask("/v1/check?profile=he-2017", PHOTO)[2])["profile"]["name"] == "he-2017"
    assert json.loads(service.ask("/v1/check", PHOTO)[2]) == json.loads(body) | {"photo": "photo.jpg"}


def test_what_cannot_be_answered_is_refused_in_words(serve: Callable[[], Service]) -> None:
    service = serve()
    for code, answer in [
        (401, service.ask("/v1/check", PHOTO, token=None)),
        (401, service.ask("/v1/rules", token="another")),
        (401, service.ask("/metrics", token=None)),
        (400, service.ask("/v1/check", b"")),
        (400, service.ask("/v1/check?profile=none", PHOTO)),
        (422, service.ask("/v1/check", b"not a photo")),
        (413, service.ask("/v1/check", b"\xff" * ((32 << 20) + 1000))),
        (404, service.ask("/v2/check")),
        (405, service.ask("/v1/check")),
    ]:
        assert answer[0] == code, answer
        assert set(json.loads(answer[2])["error"]) == {"zh", "en"}
    assert service.ask("/healthz", token=None)[0] == 200


def test_it_listens_to_other_machines_only_with_a_token(tmp_path: Path) -> None:
    command = [COMMAND, "serve", "--listen", "0.0.0.0:0"]
    run = subprocess.run(command, capture_output=True, text=True, env=environment(tmp_path), timeout=60)
    assert run.returncode == 2 and "--token-file" in run.stderr


def test_too_many_at_once_are_told_to_come_again_and_a_stop_loses_nothing(serve: Callable[[], Service]) -> None:
    service = serve()
    answers: list[tuple[int, dict[str, str]]] = []

    def ask() -> None:
        code, headers, _ = service.ask("/v1/check", PHOTO)
        answers.append((code, headers))

    threads = [threading.Thread(target=ask) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = [code for code, _ in answers]
    assert set(codes) == {200, 503} and codes.count(200) >= 8
    assert all(headers.get("retry-after") for code, headers in answers if code == 503)
    counts = service.ask("/metrics")[2].decode()
    assert f'gradphoto_requests_total{{outcome="checked"}} {codes.count(200)}' in counts
    assert f'gradphoto_requests_total{{outcome="refused"}} {codes.count(503)}' in counts
    answers.clear()
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    # Those that are in are answered, then it ends.
    while "gradphoto_held 4" not in service.ask("/metrics")[2].decode() and not answers:
        pass
    service.process.send_signal(signal.SIGTERM)
    for thread in threads:
        thread.join()
    assert [code for code, _ in answers] == [200] * 4
    assert service.process.wait(timeout=10) == 0


def test_it_does_what_its_description_says(serve: Callable[[], Service]) -> None:
    service = serve()
    described = json.loads(service.ask("/openapi.json")[2])["components"]["schemas"]["ProfileName"]["enum"]
    assert described == [profile["name"] for profile in json.loads(service.ask("/v1/profiles")[2])]
    address = f"http://127.0.0.1:{service.port}"
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/openapi.json", "--url", address,
        "-H", f"Authorization: Bearer {TOKEN}", "--max-examples", "15", "--checks", "all", "--exclude-checks",
        "positive_data_acceptance,negative_data_rejection", "--no-color",
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
