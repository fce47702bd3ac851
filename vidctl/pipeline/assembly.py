"""Step 7: the film, from clips, narrations and sounds; its thumbnail, and what it is recognised by."""

import re

from vidctl.domain import layout
from vidctl.domain.status import Status
from vidctl.domain.storyboard import Scene
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return the job that puts the film together, then those of its thumbnail and its fingerprint."""
    thumbnails = [_thumbnail(work)] if work.channel.youtube.thumbnail.make else []
    return [_film(work), *thumbnails, fingerprint()]


def fingerprint() -> Job:
    """Return the job that says what the film is recognised by; a film may come to its upload without."""
    return Job(
        makes=Artifact(Kind.FINGERPRINT),
        output=layout.FINGERPRINT,
        script="fingerprint_film.py",
        inputs={"film": (Artifact(Kind.FILM),)},
        expect={"expect": "fingerprint"},
    )


def _film(work: Work) -> Job:
    branding = work.channel.branding
    return Job(
        makes=Artifact(Kind.FILM),
        output=layout.film(work.task_id),
        script="assemble_video.py",
        document={
            "scenes": [_scene(scene) for scene in work.board.scenes],
            "intro": branding.intro_video,
            "outro": branding.outro_video,
            "tail_s": work.channel.story.tail_seconds,
            "size": list(layout.FILM_SIZE),
        },
        document_option="manifest",
        given={path: work.given.get(path, "") for path in (branding.intro_video, branding.outro_video) if path},
        expect={"expect": "film"},
        timeout_s=1_800,
    )


def _thumbnail(work: Work) -> Job:
    style = work.channel.youtube.thumbnail
    makes = Artifact(Kind.THUMBNAIL)
    return Job(
        makes=makes,
        output=layout.THUMBNAIL,
        script="make_thumbnail.py",
        args={
            "text": _words(work),
            "place": style.place,
            "ground": style.ground,
            "color": style.color,
            "accent": style.accent,
            **work.retake(makes),
        },
        inputs={"picture": tuple(Artifact(Kind.COMPOSITE, scene.number) for scene in work.board.scenes)},
        expect={"expect": "thumbnail"},
    )


def _words(work: Work) -> str:
    said, style = {"{title}": work.title, "{topic}": work.topic}, work.channel.youtube.thumbnail
    words = re.sub(r"\{title\}|\{topic\}", lambda match: said[match[0]], style.text)
    words = " ".join(words.split())
    return words.upper() if style.upper else words


def _scene(scene: Scene) -> dict[str, object]:
    return {
        "clip": Artifact(Kind.CLIP, scene.number),
        "narration": Artifact(Kind.NARRATION, scene.number) if scene.narration.strip() else None,
        "sfx": Artifact(Kind.SFX, scene.number),
        "text": scene.narration,
    }


STEP = Step("assembly", Status.ASSEMBLING, plan, service="local", limit="max_concurrent_assembly")
