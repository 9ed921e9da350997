// The page's connection to the local Telegram: what happens comes as events, what a person does goes as requests.

// Calls `heard(event)` for each event and `down(isDown)` when the connection is lost or back.
export function listen(heard, down) {
  const source = new EventSource("/events");
  source.onopen = () => down(false);
  source.onerror = () => down(true);
  source.onmessage = (event) => heard(JSON.parse(event.data));
}

// What a person does; the answer's JSON. Throws an Error with the server's own words.
export async function act(name, fields = {}) {
  const answer = await fetch(`/api/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
  });
  return await result(answer);
}

// Sends a file's bytes; `fields` say where, from whom, and with which caption.
export async function upload(file, fields) {
  const query = new URLSearchParams({ ...fields, name: file.name });
  const answer = await fetch(`/upload?${query}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: file,
  });
  return await result(answer);
}

async function result(answer) {
  const value = await answer.json().catch(() => ({ error: answer.statusText }));
  if (!answer.ok) throw new Error(value.error);
  return value;
}
