"""The usage log: what a record says, and that no line is ever lost or torn."""

from __future__ import annotations

import gzip
import hmac
import json
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import openai
import pytest

from llm_lint.runtime import cached, configure, install, read, track
from llm_lint.runtime.keys import digest
from llm_lint.runtime.log import STANDARD, timestamp
from tests.fake_provider import Failure, FakeProvider
from tests.runtime.conftest import Ask, Record, free_port

OURS = (
    "provider",
    "site",
    "request_hash",
    "cached_tokens",
    "cache_write_tokens",
    "batch",
    "attempt",
    "variant",
    "status",
    "error",
    "estimated",
)


def test_the_standard_record_comes_first_and_in_order(
    ask: Ask, records: list[Record], tmp_path: Path
) -> None:
    configure(log=tmp_path / "usage.jsonl")
    ask()
    assert (
        tuple("timestamp endpoint model tokens_input tokens_output cost_usd latency_ms cache_hit".split())
        == STANDARD
    )
    line = (tmp_path / "usage.jsonl").read_text()
    assert tuple(json.loads(line)) == (*STANDARD, *OURS)
    assert json.loads(line) == records[0] == next(read(tmp_path / "usage.jsonl"))
    assert len(line) < 500


@pytest.mark.parametrize("now", [0.0, 951_782_399.999, 1_798_761_600.5])
def test_timestamps_are_utc_with_milliseconds(now: float) -> None:
    expected = datetime.fromtimestamp(int(now * 1000) / 1000, timezone.utc)
    assert timestamp(now) == expected.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize("key", [b"k", b"long" * 40])
def test_hashes_are_hmac_sha256(key: bytes) -> None:
    assert digest(key, b"seen", "2") == hmac.new(key, b"2\0seen", "sha256").hexdigest()


def test_a_minimal_log_has_the_standard_keys_only(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from llm_lint.runtime.state import state

    monkeypatch.setattr(state, "minimal", True)
    configure(log=tmp_path / "usage.jsonl")
    ask()
    assert tuple(next(read(tmp_path / "usage.jsonl"))) == STANDARD


def test_nothing_is_written_until_a_log_is_configured(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ask()
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_model_has_no_price(gpt: openai.OpenAI, records: list[Record]) -> None:
    gpt.embeddings.create(model="in-house-embedder", input="x")
    assert records[0]["cost_usd"] is None
    assert records[0]["tokens_input"] == 1


def test_own_prices_are_used(gpt: openai.OpenAI, records: list[Record]) -> None:
    configure(prices={"in-house-embedder": {"in": "1000000"}})
    gpt.embeddings.create(model="in-house-embedder", input="x")
    assert records[0]["cost_usd"] == 1


def test_what_fails_costs_nothing(ask: Ask, provider: FakeProvider, records: list[Record]) -> None:
    provider.fail(Failure(status=500))
    with pytest.raises(openai.InternalServerError):
        ask()
    provider.fail(Failure(drop=True))
    with pytest.raises(openai.APIConnectionError):
        ask()
    assert [(each["status"], each["cost_usd"], each["error"]) for each in records] == [
        (500, 0, "api_error"),
        (None, 0, "RemoteProtocolError"),
    ]


def test_retries_are_attempts(provider: FakeProvider, records: list[Record], ask: Ask) -> None:
    provider.fail(Failure(status=429, headers={"retry-after-ms": "1"}), times=2)
    ask(client=track(openai.OpenAI(**provider.openai(max_retries=2))))
    assert [(each["attempt"], each["status"]) for each in records] == [(0, 429), (1, 429), (2, 200)]


def test_streams_without_usage_are_marked_as_estimated(ask: Ask, records: list[Record]) -> None:
    list(ask("word " * 400, stream=True))
    assert records[0]["estimated"] is True
    assert records[0]["tokens_output"] == 12
    assert 400 < records[0]["tokens_input"] < 600


def test_the_site_is_the_callers_line(ask: Ask, gpt: openai.OpenAI, records: list[Record]) -> None:
    class Desk:
        def reply(self) -> None:
            gpt.embeddings.create(model="text-embedding-3-small", input="x")

    Desk().reply()
    site = records[0]["site"].split(":")
    here = "test_the_site_is_the_callers_line.Desk.reply" if sys.version_info >= (3, 11) else "Desk.reply"
    assert site[:2] == ["tests/runtime/test_log.py", here]
    assert site[2] == str(Desk.reply.__code__.co_firstlineno + 1)
    if sys.version_info >= (3, 11):
        assert site[3] == "13"


def test_a_failing_listener_or_log_never_reaches_the_program(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    configure(on_record=lambda record: 1 / 0, log=tmp_path / "file" / "usage.jsonl")
    assert ask().choices


def test_tracking_twice_and_installing_record_once(
    gpt: openai.OpenAI, ask: Ask, records: list[Record]
) -> None:
    install()
    assert track(track(gpt)) is gpt
    ask()
    assert len(records) == 1


def test_an_unknown_client_installs_the_hook(
    provider: FakeProvider, records: list[Record], ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    class Wrapper:
        def __init__(self) -> None:
            self.hidden_deep_inside = [openai.OpenAI(**provider.openai())]

    wrapper = track(Wrapper())
    ask(client=wrapper.hidden_deep_inside[0])
    assert len(records) == 1
    assert "found no HTTP client inside" in caplog.text


# --------------------------------------------------------------------------- many processes

WRITER = """\
import sys
from llm_lint.runtime import configure, log
configure(log=sys.argv[1], rotate=200_000)
for number in range(int(sys.argv[3])):
    log.write(log.compose(timestamp="2026-01-01T00:00:00Z", model=f"{sys.argv[2]}-{number}", site="x" * 150))
"""


def write_from(processes: int, lines: int, log: str) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, log, str(name), str(lines)])
        for name in range(processes)
    ]
    assert [each.wait(120) for each in running] == [0] * processes


def test_six_processes_lose_no_line_across_rotations(tmp_path: Path) -> None:
    log = tmp_path / "usage.jsonl"
    write_from(6, 2000, str(log))
    parts = list(tmp_path.iterdir())
    assert len(parts) > 6
    assert sum(path.read_bytes().count(b"\n") for path in parts) == 12_000
    models = {record["model"] for record in read(log)}
    assert models == {f"{name}-{number}" for name in range(6) for number in range(2000)}


def test_a_folder_holds_one_file_a_process(tmp_path: Path) -> None:
    write_from(2, 10, f"{tmp_path}/logs/")
    assert len(list((tmp_path / "logs").iterdir())) == 2
    assert len(list(read(tmp_path / "logs"))) == 20


def test_torn_and_foreign_lines_are_left_out_and_gz_is_read(tmp_path: Path) -> None:
    good: dict[str, Any] = {"timestamp": "2026-01-01T00:00:00Z", "model": "a"}
    (tmp_path / "u.jsonl").write_text(f'{json.dumps(good)}\n{{"timestamp": "20\n[1]\nhello\n')
    rotated = tmp_path / f"u.{10**18}-7.jsonl.gz"
    rotated.write_bytes(gzip.compress(json.dumps({**good, "model": "b"}).encode()))
    assert [record["model"] for record in read(tmp_path / "u.jsonl")] == ["b", "a"]
    with pytest.raises(FileNotFoundError, match="no usage log"):
        list(read(tmp_path / "none.jsonl"))


# --------------------------------------------------------------------------- secrets

KEY = "sk-fake-secret-4242424242424242"
PROMPT = "the patient is called Ignatius"


def test_no_key_and_no_prompt_is_in_any_log_key_or_file_name(
    provider: FakeProvider, records: list[Record], ask: Ask, tmp_path: Path
) -> None:
    configure(log=tmp_path / "usage.jsonl")
    client = track(openai.OpenAI(**provider.openai(KEY, max_retries=0)))
    provider.fail(Failure(status=400, message=f"wrong: {PROMPT}"))
    with cached(60, store=f"sqlite:///{tmp_path}/answers.db"):
        for stream in (False, False, True, True):
            try:
                found = ask(PROMPT, client=client, stream=stream)
                if stream:
                    list(found)
            except openai.BadRequestError:
                pass
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 2
    for path in files:
        for secret in (KEY, PROMPT, KEY[-16:], "Ignatius"):
            assert secret.encode() not in path.read_bytes()
            assert secret not in path.name
        assert path.stat().st_mode & 0o077 == 0


def test_webhooks_and_refused_hosts_leave_no_key(records: list[Record], ask: Ask) -> None:
    client = track(openai.OpenAI(api_key=KEY, base_url=f"http://127.0.0.1:{free_port()}/v1", max_retries=0))
    with pytest.raises(openai.APIConnectionError):
        ask(PROMPT, client=client)
    assert records[0]["error"] == "ConnectError"
    assert KEY not in json.dumps(records)
    assert PROMPT not in json.dumps(records)
