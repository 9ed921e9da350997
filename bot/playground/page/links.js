// Which links lead to the bot itself, as Telegram's apps know them; those open its chat instead of a page.

// {payload} of a link to the bot of this name, else null.
export function toBot(url, username) {
  let found;
  try {
    found = new URL(url);
  } catch {
    return null;
  }
  const path = found.hostname === "t.me" || found.hostname === "telegram.me" ? found.pathname.slice(1) : null;
  const name = path ?? (found.protocol === "tg:" ? found.searchParams.get("domain") : null);
  if (name?.toLowerCase() !== username.toLowerCase()) return null;
  return { payload: found.searchParams.get("start") ?? "" };
}
