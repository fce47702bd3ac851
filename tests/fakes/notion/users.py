"""People and the bot."""

from tests.fakes.notion.call import Call, listed
from tests.fakes.notion.errors import ApiError, Json
from tests.fakes.notion.state import User, normal_id
from tests.fakes.notion.world import World


def read(world: World, user: User) -> Json:
    """Return a user; without the capability for it, only the id."""
    known: Json = {"object": "user", "id": user.id}
    if not user.is_bot and "read_user" not in world.capabilities:
        return known
    known |= {"name": user.name, "avatar_url": None}
    if user.is_bot:
        limits = {"max_file_upload_size_in_bytes": world.max_upload_bytes}
        owner = {"type": "workspace", "workspace": True}
        bot = {"owner": owner, "workspace_id": world.workspace_id, "workspace_name": "Studio"}
        return known | {"type": "bot", "bot": bot | {"workspace_limits": limits}}
    person = {"email": user.email} if "read_user_email" in world.capabilities else {}
    return known | {"type": "person", "person": person}


def me(call: Call) -> Json:
    """GET /users/me."""
    return read(call.world, call.world.users[call.by])


def everyone(call: Call) -> Json:
    """GET /users; guests are not among them."""
    members = [read(call.world, user) for user in call.world.users.values() if not user.is_guest]
    return listed(call.query, members, "user")


def retrieve(call: Call, user_id: str) -> Json:
    """GET /users/{id}."""
    user = call.world.users.get(normal_id(user_id, "user_id"))
    if user is None:
        raise ApiError(404, "object_not_found", f"Could not find user with ID: {user_id}.")
    return read(call.world, user)
