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
            **work.retake(makes),
        },
        expect={"expect": "image" if asset.kind is AssetKind.ENVIRONMENT else "cutout"},
    )


STEP = Step("assets", Status.GENERATING_ASSETS, plan, service="gemini", limit="max_concurrent_asset")
