"""A channel's own programs: any language, and one clear error where one cannot be run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.studio import Studio
from vidctl.domain.script_names import SCRIPTS
from vidctl.domain.status import Status
from vidctl.store import Db, details

SPEAK = """\
#!/bin/sh
# Writes the words it is to speak, with the voice before them, and says so as the contract wants it.
for option in "$@"; do
    case "$option" in
        --output=*) output=${option#--output=} ;;
        --text=*) text=${option#--text=} ;;
        --voice-id=*) voice=${option#--voice-id=} ;;
    esac
done
echo "speaking" >&2
printf '%s: %s' "$voice" "$text" > "$output.part" && mv "$output.part" "$output"
sum=$(sha256sum < "$output" | cut -d ' ' -f 1)
printf '{"event": "progress", "done": 1, "total": 1}\\n'
printf '{"event": "cost", "component": "speech", "units": 1, "cost_usd": 0.25}\\n'
printf '{"event": "result", "path": "%s", "sha256": "%s"}\\n' "$output" "$sum"
"""


@pytest.fixture
def studio(tmp_path: Path, database_url: str, db: Db) -> Studio:
    made = Studio(tmp_path, database_url, db)
    made.channel(voice_id="ana")
    return made


def own_voice(studio: Studio, name: str, text: str = SPEAK, *, mode: int = 0o755) -> Path:
    """Let the channel speak with a program of its own."""
    program = studio.scripts / name
    program.write_text(text)
    program.chmod(mode)
    others = {script: str(studio.scripts / script) for script in SCRIPTS}
    studio.channel(voice_id="ana", scripts={**others, "generate_audio.py": str(program)})
    return program


def test_a_program_in_any_language_makes_the_files_of_a_whole_step(studio: Studio) -> None:
    own_voice(studio, "speak")
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_SFX)
    spoken = sorted(path.read_text() for path in (studio.folder(task_id).root / "audio").iterdir())
    assert spoken == [f"ana: Scene {n}." for n in (1, 2, 3)]
    cost = studio.db.execute("select sum(cost_usd) from video_costs where task_id = %s", (task_id,)).fetchone()
    assert cost is not None
    assert float(cost[0]) == 0.75
    assert details.errors(studio.db, task_id, last=9) == []


def not_executable(studio: Studio) -> Path:
    return own_voice(studio, "speak", mode=0o644)


def missing(studio: Studio) -> Path:
    program = own_voice(studio, "speak")
    program.unlink()
    return program


def without_its_interpreter(studio: Studio) -> Path:
    return own_voice(studio, "speak", "#!/no/such/interpreter\n")


def of_no_kind(studio: Studio) -> Path:
    return own_voice(studio, "speak", "\0\1\2\3 nothing that a system can run")


@pytest.mark.parametrize("broken", [not_executable, missing, without_its_interpreter, of_no_kind])
def test_a_program_that_cannot_be_run_is_one_error_with_its_path(
    studio: Studio, broken: Callable[[Studio], Path]
) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    program = broken(studio)
    studio.step(task_id)
    task = studio.task(task_id)
    assert task.status is Status.AUDIO_ERROR
    assert str(program) in task.error_log
    (error,) = {(error.message, error.hint) for error in details.errors(studio.db, task_id, last=9)}
    assert str(program) in error[0]
    assert error[1]


def test_a_program_that_is_mended_goes_on_where_it_was(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.VIDEO_APPROVED)
    program = not_executable(studio)
    studio.step(task_id)
    program.chmod(0o755)
    studio.retry(task_id)
    studio.bring(task_id, Status.GENERATING_SFX)
    assert len(studio.ledger(script="generate_video.py")) == 3
