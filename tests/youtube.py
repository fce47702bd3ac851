"""Channels of a studio that are authorised with Google's fake, and films of theirs that a person approved."""

import json
from dataclasses import dataclass
from uuid import UUID

from cryptography.fernet import Fernet

from tests.fakes.google import FakeGoogle
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.engine import sealing
from vidctl.engine.sealing import Token
from vidctl.store import accounts

KEY = Fernet.generate_key().decode()


@dataclass(frozen=True)
class Press:
    """A studio whose films go to YouTube: approved by instant scripts, uploaded by the real one."""

    studio: Studio
    google: FakeGoogle

    @property
    def environment(self) -> dict[str, str]:
        """What an upload has to be told."""
        return {
            "GOOGLE_BASE_URL": self.google.url,
            "GOOGLE_CLIENT_ID": self.google.client_id,
            "GOOGLE_CLIENT_SECRET": self.google.client_secret,
            "FERNET_KEY": KEY,
            "YOUTUBE_PAUSE_S": "0.01",
            "YOUTUBE_WAIT_S": "5",
        }

    def authorise(self, channel_id: str = "one", email: str = "ana") -> str:
        """Let a channel have an account's token, and return it."""
        channel = self.google.account(email).channel
        assert channel is not None
        refresh_token = self.google.grant(email)
        sealed = sealing.sealed(Token(channel_id, channel.channel_id, refresh_token), self.environment)
        about = {"youtube_channel_id": channel.channel_id, "title": channel.title}
        accounts.put(self.studio.db, channel_id, sealed, now=self.studio.now, expires_at=None, **about)
        return refresh_token

    def approved(self, title: str = "Salt", channel_id: str = "one", *, size: int = 0) -> UUID:
        """Return a film that a person approved; with `size`, of so many bytes."""
        assert not self.studio.told
        task_id = self.studio.film(channel_id, title=title)
        self.studio.bring(task_id, Status.FINAL_REVIEW if size else Status.APPROVED)
        if size:
            self._grow(task_id, size)
            self.studio.approve(task_id)
        return task_id

    def open(self, channel_id: str = "one") -> None:
        """From now on the channel's films are uploaded by the real script."""
        path = self.studio.configs / f"{channel_id}.yaml"
        fields = json.loads(path.read_text())
        fields["scripts"].pop("upload_video.py", None)
        path.write_text(json.dumps(fields))
        self.studio.load()
        self.studio.told = self.environment

    def _grow(self, task_id: UUID, size: int) -> None:
        """Let the film be larger than an instant script makes it."""
        from hashlib import sha256

        place = self.studio.folder(task_id).path(f"{task_id}_final.mp4")
        place.write_bytes(b"\0" * size)
        self.studio.db.execute(
            "update artifacts set sha256 = %s, size_bytes = %s, modified_ns = %s where task_id = %s and kind = 'film'",
            (sha256(place.read_bytes()).hexdigest(), size, place.stat().st_mtime_ns, task_id),
        )
