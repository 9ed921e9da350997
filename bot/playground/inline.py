"""Inline mode: a user types a query after the bot's name in any chat, the bot offers results, the user sends one."""

from __future__ import annotations

from bot.playground.content import read_text
from bot.playground.keyboards import markup_fields
from bot.playground.refusals import TOO_OLD, CannotDo, Json, bad, own_refusal
from bot.playground.updates import post_message
from bot.playground.world import World

MOST_RESULTS = 50
LONGEST_QUERY = 256
_LONGEST_ID = 64
"""Bytes of a result's id, and of the offset of a next page."""
_CANNOT = "can't parse inline query result: "


class Inline:
    """Test controls for users in inline mode, callable from any thread."""

    world: World

    def type_inline(self, user: int, text: str, offset: str = "") -> str:
        """Send the bot an inline query of a user and return the query's id.

        Raises CannotDo if inline mode, which BotFather switches, is off (`world.inline_mode`).
        """
        with self.world.lock:
            world = self.world
            if not world.inline_mode:
                raise CannotDo("The bot has no inline mode.")
            query = world.create_inline_query(user, text[:LONGEST_QUERY], offset)
            world.push({"inline_query": query})
            return str(query["id"])

    def offers(self, query: str) -> list[Json] | None:
        """Return the results that the bot offers for a query, or None until it answers."""
        with self.world.lock:
            return self.world.offers.get(query)

    def await_offers(self, query: str, seconds: float) -> list[Json]:
        """Wait for the results that the bot offers for a query; return [] if none come within `seconds`."""
        with self.world.lock:
            self.world.lock.wait_for(lambda: query in self.world.offers, seconds)
            return self.world.offers.get(query, [])

    def choose(self, chat: int, user: int, query: str, result: str) -> Json:
        """Send one of the offered results to a chat as a user and return the message.

        Raises CannotDo for a result that was not offered.
        """
        with self.world.lock:
            world = self.world
            offer = next((one for one in world.offers.get(query, []) if one["id"] == result), None)
            if offer is None:
                raise CannotDo("The bot does not offer this.")
            sent = offer["message"] | {"via_bot": world.user(world.bot)}
            return post_message(world, world.chat(chat), user, sent)


def answer_inline_query(world: World, given: Json) -> bool:
    """Serve answerInlineQuery, once for each query. Only articles with a text are supported; others are refused."""
    results = given["results"]
    if len(results) > MOST_RESULTS:
        raise bad("RESULTS_TOO_MUCH")
    if len(given.get("next_offset", "").encode()) > _LONGEST_ID:
        raise bad("NEXT_OFFSET_INVALID")
    offers = [_offer(world, result) for result in results]
    if len({offer["id"] for offer in offers}) < len(offers):
        raise bad("RESULT_ID_DUPLICATE")
    query = world.inline_queries.pop(given["inline_query_id"], None)
    if query is None:
        raise bad(TOO_OLD)
    world.offers[query["id"]] = offers
    world.emit({"type": "inline_answer", "query": query["id"], "user": query["from"]["id"], "offers": offers})
    return True


def _offer(world: World, result: object) -> Json:
    """Return a result as the list shows it, with the fields of the Message that choosing it sends."""
    if not isinstance(result, dict):
        raise bad(f"{_CANNOT}expected an Object")
    for field in ("type", "id"):
        if not isinstance(result.get(field), str):
            raise bad(f'{_CANNOT}Can\'t find field "{field}"')
    if not 1 <= len(result["id"].encode()) <= _LONGEST_ID:
        raise bad("RESULT_ID_INVALID")
    if result["type"] != "article":
        raise own_refusal(f"results of type {result['type']} are not played by this server")
    if not str(result.get("title", "")).strip():
        raise bad("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content")
    if not isinstance(content, dict):
        raise bad(f'{_CANNOT}Can\'t find field "input_message_content"')
    if not isinstance(content.get("message_text"), str):
        raise own_refusal("messages but texts are not played by this server")
    text, entities = read_text(content, world.lost, "message_text")
    message: Json = {"text": text} | ({"entities": entities} if entities else {})
    listed = {"id": result["id"], "title": result["title"], "description": str(result.get("description", ""))}
    return listed | {"message": message | markup_fields(result.get("reply_markup"))}
