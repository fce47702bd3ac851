"""Step 2: the images of all characters, environments and props, and one sheet to look at them."""

from vidctl.domain import layout
from vidctl.domain.status import Status
from vidctl.domain.storyboard import Asset, AssetKind
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return one job for each image of the storyboard, then the contact sheet of them all."""
    board = work.board
    images = [_image(work, index, asset) for index, asset in enumerate(board.assets, 1)]
    sheet = Job(
        makes=Artifact(Kind.CONTACT_SHEET),
        output=layout.CONTACT_SHEET,
        script="contact_sheet.py",
        document={
            "title": board.title,
            "subtitle": 'what is not good enough is made again: reject it with "image 3: what should be different"',
            "items": [
                {"path": Artifact(Kind.IMAGE, index), "label": asset.name.replace("_", " ")}
                for index, asset in enumerate(board.assets, 1)
            ],
        },
        document_option="manifest",
        expect={"expect": "sheet"},
    )
    return [*images, sheet]


def _image(work: Work, index: int, asset: Asset) -> Job:
    makes = Artifact(Kind.IMAGE, index)
    return Job(
        makes=makes,
        output=layout.image(asset),
        script="generate_asset.py",
        args={
            "name": asset.name,
            "kind": asset.kind,
            "prompt": asset.prompt,
            "style": work.board.style,
            **_model(work),
            **work.retake(makes),
        },
        inputs=_references(work, asset),
        expect={"expect": "image" if asset.kind is AssetKind.ENVIRONMENT else "cutout"},
    )


def _model(work: Work) -> dict[str, str]:
    models = work.channel.models
    return {"model": models.image, "image-size": models.image_size} if work.is_paid else {}


def _references(work: Work, asset: Asset) -> dict[str, tuple[Artifact, ...]]:
    """Return the picture after which one is drawn that shows the same; what draws for free draws it alike anyway."""
    if asset.like is None or not work.is_paid:
        return {}
    return {"reference": (Artifact(Kind.IMAGE, work.board.image_index(asset.like)),)}


STEP = Step("assets", Status.GENERATING_ASSETS, plan, service="gemini", limit="max_concurrent_asset")
