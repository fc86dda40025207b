"""The service as programs use it: what it answers, what it refuses, what its description says."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import COMMAND, SAMPLES, environment
from jsonschema import Draft202012Validator

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
        (400, service.ask("/v1/check?profile=", PHOTO)),
        (400, service.ask("/v1/check?profle=he-2017", PHOTO)),
        (400, service.ask("/v1/rules?profle=he-2017")),
        (422, service.ask("/v1/check", b"not a photo")),
        (413, service.ask("/v1/check", b"\xff" * ((32 << 20) + 1000))),
        (413, service.ask("/v1/check", b"\xff" * (80 << 20))),
        (401, service.ask("/v1/check", b"\xff" * (80 << 20), token=None)),
        (404, service.ask("/v2/check", b"\xff" * (80 << 20))),
        (404, service.ask("/v2/check")),
        (405, service.ask("/v1/check")),
    ]:
        assert answer[0] == code, answer
        assert set(json.loads(answer[2])["error"]) == {"zh", "en"}
    assert service.ask("/healthz", token=None)[0] == 200


def part(name: str, content: bytes, file: str | None = None) -> bytes:
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"' + (f'; filename="{file}"' if file is not None else "")
    return head.encode() + b"\r\n\r\n" + content + b"\r\n"


def test_the_photo_of_a_form_is_found_wherever_it_stands(serve: Callable[[], Service]) -> None:
    service = serve()
    for parts in [
        [part("who", b"zhang"), part("picture", PHOTO, "blue.jpg")],
        [part("picture", PHOTO, "blue.jpg"), part("who", b"zhang")],
        [part("other", b"", ""), part("photo", PHOTO, "blue.jpg")],
    ]:
        code, _, body = service.ask("/v1/check", b"".join(parts) + b"--x--\r\n", Content_Type="multipart/form-data; boundary=x")
        assert code == 200 and json.loads(body)["photo"] == "blue.jpg", body
    # As libraries write a name that is not ASCII.
    extended = part("picture", PHOTO, "").replace(b'filename=""', b"filename*=utf-8''%E5%BC%A0%E4%B8%89.jpg")
    code, _, body = service.ask("/v1/check", extended + b"--x--\r\n", Content_Type="multipart/form-data; boundary=x")
    assert code == 200 and json.loads(body)["photo"] == "张三.jpg", body
    code, _, body = service.ask("/v1/check", part("photo", PHOTO) + b"--x--\r\n", Content_Type="multipart/form-data; boundary=x")
    assert code == 200 and json.loads(body)["photo"] == "photo.jpg"
    code, _, body = service.ask("/v1/check", part("who", b"zhang") + b"--x--\r\n", Content_Type="multipart/form-data; boundary=x")
    assert code == 400 and "没有照片" in json.loads(body)["error"]["zh"]
    # What would be dropped without a word is refused.
    for more, told in [
        (part("profile", b"he-2017"), "?profile="), (part("Profile", b"he-2017", "profile"), "?profile="),
        (part("name", b"a.jpg"), "?name="), (part("b", PHOTO, "b.jpg"), "一次只交一张"),
    ]:
        form = part("photo", PHOTO, "blue.jpg") + more + b"--x--\r\n"
        code, _, body = service.ask("/v1/check", form, Content_Type="multipart/form-data; boundary=x")
        assert code == 400 and told in json.loads(body)["error"]["zh"], body


def test_a_photo_has_the_name_that_its_sender_gave_it_and_none_that_nobody_did(serve: Callable[[], Service]) -> None:
    service = serve()

    def named(file: str, query: str = "", code: str = "utf-8") -> str:
        form = part("photo", PHOTO, "FILE").replace(b"FILE", file.encode(code), 1)
        status, _, body = service.ask(f"/v1/check{query}", form + b"--x--\r\n", Content_Type="multipart/form-data; boundary=x")
        return json.loads(body)["photo"] if status == 200 else json.loads(body)["error"]["zh"]

    for file, query, name in [
        # As libraries call bytes that have no name.
        ("photo", "", "photo.jpg"), ("upload", "", "photo.jpg"), ("blob", "", "photo.jpg"),
        ("1.png", "?name=", "1.png"), ("1.png", "?name=2.jpg", "2.jpg"), ("1.png", "?name=blob", "blob"),
    ]:
        assert named(file, query) == name
    for refused in [named("张三.jpg", code="gbk"), named("1.jpg", "?name=%D5%C5%C8%FD.jpg")]:
        assert "不是 UTF-8" in refused, refused
    assert named("张三.jpg", "?name=1.jpg", "gbk") == "1.jpg"


def test_a_photo_of_the_largest_size_may_stand_in_a_form_and_a_larger_one_is_refused_before_it_is_sent(serve: Callable[[], Service]) -> None:
    service = serve()
    largest = PHOTO + bytes((32 << 20) - len(PHOTO))
    form = part("photo", largest, "blue.jpg") + b"--x--\r\n"
    assert service.ask("/v1/check", form, Content_Type="multipart/form-data; boundary=x")[0] == 200
    form = part("photo", largest + b"x", "blue.jpg") + b"--x--\r\n"
    assert service.ask("/v1/check", form, Content_Type="multipart/form-data; boundary=x")[0] == 413
    asks = begun(service, UPLOAD.replace("9000", "40000000\r\nExpect: 100-continue"))
    asks.settimeout(60)
    assert asks.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_token_that_no_client_can_send_is_refused(tmp_path: Path) -> None:
    token = tmp_path / "token"
    for text in ["毕业照采集令牌", "a-token-of-this-test\nand another line"]:
        token.write_text(text, encoding="utf-8")
        command = [COMMAND, "serve", "--listen", "127.0.0.1:0", "--token-file", token, "--lang", "zh"]
        ended = subprocess.run(command, capture_output=True, text=True, env=environment(tmp_path), timeout=120)
        assert ended.returncode == 2 and "只能是一行英文字母、数字和符号" in ended.stderr, ended


def test_the_case_of_letters_in_heads_says_nothing(serve: Callable[[], Service]) -> None:
    service = serve()
    form = part("photo", PHOTO, "blue.jpg") + b"--x--\r\n"
    assert service.ask("/v1/check", form, Content_Type="Multipart/Form-Data; boundary=x")[0] == 200
    for scheme in ["bearer", "BEARER"]:
        assert service.ask("/v1/rules", token=None, Authorization=f"{scheme} {TOKEN}")[0] == 200
    assert service.ask("/v1/rules", token=None, Authorization=f"Basic {TOKEN}")[0] == 401


def begun(service: Service, request: str) -> socket.socket:
    """A connection on which no more than this has come."""
    connection = socket.create_connection(("127.0.0.1", service.port))
    connection.sendall(request.encode())
    return connection


UPLOAD = f"POST /v1/check HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 9000\r\n\r\n"


def test_photos_that_come_slowly_keep_nobody_waiting(serve: Callable[[], Service]) -> None:
    service = serve()
    slow = [begun(service, UPLOAD + "x") for _ in range(200)]
    time.sleep(1)
    assert service.ask("/v1/check", PHOTO)[0] == 200
    # Whoever sends no more is told so after a while.
    slow[0].settimeout(60)
    assert slow[0].recv(1000).startswith(b"HTTP/1.1 408 ")


def test_what_does_not_come_whole_does_not_keep_it_from_stopping(serve: Callable[[], Service]) -> None:
    service = serve()
    waiting = [begun(service, request) for request in ["", "GET /healthz HTTP/1.1\r\nHo", UPLOAD + "x"]]
    assert service.ask("/healthz")[0] == 200
    service.process.send_signal(signal.SIGTERM)
    # A photo that comes would otherwise have half a minute.
    assert service.process.wait(timeout=25) == 0
    assert waiting[2].recv(1000).startswith(b"HTTP/1.1 408 ")


def test_a_head_that_does_not_come_whole_is_given_up(serve: Callable[[], Service]) -> None:
    half = begun(serve(), "GET /healthz HTTP/1.1\r\nHo")
    half.settimeout(60)
    assert half.recv(1000) == b""


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


def closed(schema: object) -> object:
    """The same where nothing may be that is not described."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(part) for key, part in schema.items()}
    return inner | {"additionalProperties": False} if "properties" in schema else inner


def test_every_field_of_its_answers_is_described(serve: Callable[[], Service]) -> None:
    service = serve()
    components = closed(json.loads(service.ask("/openapi.json")[2])["components"]["schemas"])
    answers = {"Report": [json.loads(service.ask("/v1/check", PHOTO)[2])], "Error": [json.loads(service.ask("/v2")[2])]}
    for schema, path in [("Rule", "/v1/rules"), ("Profile", "/v1/profiles")]:
        answers[schema] = json.loads(service.ask(path)[2])
    assert any(finding["region"] for finding in answers["Report"][0]["findings"])
    for schema, values in answers.items():
        whole = {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": components}}
        for value in values:
            Draft202012Validator(whole).validate(value)


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
