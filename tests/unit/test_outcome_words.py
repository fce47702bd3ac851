"""What a card says of a step that failed: each thing that went wrong once, with all items that met it."""

from vidctl.contract import ErrorClass, Failure, Scope
from vidctl.domain.work import Artifact, Kind
from vidctl.engine.outcome import _sentence


def met(kind: Kind, *numbers: int, message: str) -> list[tuple[Artifact | None, Failure]]:
    failure = Failure("Refused", ErrorClass.PERMANENT, Scope.ITEM, message, "")
    return [(Artifact(kind, number), failure) for number in numbers]


def test_what_went_wrong_with_all_items_is_said_once_and_leaves_room_for_the_rest() -> None:
    refused, dark = met(Kind.IMAGE, *range(1, 20), message="refused"), met(Kind.IMAGE, 22, message="too dark")
    assert _sentence([*refused, *dark]) == "image 1 to 19: refused; image 22: too dark"
    assert _sentence(met(Kind.FILM, 1, message="no room")) == "film: no room"
    both = [*met(Kind.NARRATION, 2, 4, message="no voice"), *met(Kind.CONTACT_SHEET, 1, message="no voice")]
    assert _sentence(both) == "contact sheet; narration 2, 4: no voice"


def test_of_many_different_things_three_are_said_and_the_items_of_the_others_counted() -> None:
    many = [one for number in (1, 3, 5, 7, 9) for one in met(Kind.CLIP, number, number + 1, message=f"no {number}")]
    assert _sentence(many) == "clip 1 to 2: no 1; clip 3 to 4: no 3; clip 5 to 6: no 5; and 4 more"
    nobodys = (None, Failure("Lost", ErrorClass.TRANSIENT, Scope.SERVICE, "no key", ""))
    assert _sentence([nobodys]) == "no key"
    assert _sentence([*many[:6], nobodys]).endswith("clip 5 to 6: no 5; and 1 more")
