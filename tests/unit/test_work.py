"""What is missing: like make, by fingerprints."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain.work import Artifact, Job, Kind, Made, fingerprint, missing

IMAGE, COMPOSITE, CLIP, FILM = (Artifact(kind) for kind in (Kind.IMAGE, Kind.COMPOSITE, Kind.CLIP, Kind.FILM))
JOBS = [
    Job(IMAGE, "image.png", "generate_asset.py", {"prompt": "a fox"}),
    Job(COMPOSITE, "composite.png", "create_composite.py", inputs={"environment": (IMAGE,)}),
    Job(CLIP, "clip.mp4", "generate_video.py", {"motion": "pan"}, inputs={"image": (COMPOSITE,)}),
    Job(FILM, "film.mp4", "assemble_video.py", document={"scenes": [{"clip": CLIP}]}, document_option="manifest"),
]


def make_all(jobs: list[Job], made: dict[Artifact, Made]) -> tuple[dict[Artifact, Made], list[Artifact]]:
    """Do every missing job, round after round; content depends on the fingerprint alone."""
    done: list[Artifact] = []
    made = dict(made)
    while todo := missing(jobs, made):
        for job in todo:
            mark = fingerprint(job, made)
            made[job.makes] = Made(job.makes, job.output, f"bytes of {mark}", 1, mark)
            done.append(job.makes)
    return made, done


def test_each_is_made_once_and_only_when_its_inputs_are_there() -> None:
    made, done = make_all(JOBS, {})
    assert done == [IMAGE, COMPOSITE, CLIP, FILM]
    assert missing(JOBS, made) == []


def test_editing_one_prompt_makes_that_image_and_everything_after_it_again() -> None:
    made, _ = make_all(JOBS, {})
    edited = [replace(JOBS[0], args={"prompt": "a red fox"}), *JOBS[1:]]
    assert [job.makes for job in missing(edited, made)] == [IMAGE]
    assert make_all(edited, made)[1] == [IMAGE, COMPOSITE, CLIP, FILM]


def test_a_remade_file_with_the_same_bytes_makes_nothing_else_again() -> None:
    made, _ = make_all(JOBS, {})
    lost = {artifact: item for artifact, item in made.items() if artifact != COMPOSITE}
    assert make_all(JOBS, lost)[1] == [COMPOSITE]


def test_where_a_file_lies_and_which_options_check_it_do_not_count() -> None:
    made, _ = make_all(JOBS, {})
    moved = [replace(job, output=f"elsewhere/{job.output}", expect={"expect": "film"}, timeout_s=1) for job in JOBS]
    assert missing(moved, made) == []


@given(st.dictionaries(st.sampled_from(["prompt", "style", "take", "note"]), st.text(max_size=20)))
def test_any_other_argument_gives_another_fingerprint(args: dict[str, str]) -> None:
    same = fingerprint(replace(JOBS[0], args=args), {}) == fingerprint(JOBS[0], {})
    assert same == (args == JOBS[0].args)
