"""The names of the programs in scripts/. Pure."""

from typing import Final

SCRIPTS: Final = (
    "generate_story.py",
    "generate_asset.py",
    "contact_sheet.py",
    "create_composite.py",
    "create_split_screen.py",
    "make_animatic.py",
    "generate_video.py",
    "generate_audio.py",
    "generate_sound_effects.py",
    "assemble_video.py",
    "make_thumbnail.py",
    "fingerprint_film.py",
    "upload_video.py",
    "inspect_media.py",
    "make_proxy.py",
)
"""Every script that a step runs, what checks what they made, and what makes small copies of it for a board."""

STORY_SCRIPT: Final = SCRIPTS[0]
"""Of which a film in preview can have the paid one: all that follows is made of the storyboard."""

ERRANDS: Final = (
    *("read_balance.py", "store_file.py", "fetch_file.py", "sign_files.py", "check_files.py"),
    *("check_youtube.py", "youtube_consent.py", "check_service.py", "check_ffmpeg.py", "send_alert.py"),
)
"""Scripts that are about an account, the store or the operator, and not about what a film looks like: no channel has
its own."""
