import re, yaml, datetime
from bot.models import Document
class UnreadableDocument(ValueError): pass
def key(m, name): return m.get("url") or (m.get("publisher","")+"\n"+m["title"] if m.get("title") else name)
def parse(raw):
    t=raw.decode(); _,fm,body=t.split("---\n",2); return yaml.safe_load(fm), body.strip()
def read_documents(name, raw, original):
    if name.endswith("jsonl"):
        import json
        for line in raw.decode().splitlines():
            d=json.loads(line); yield Document(source_key=d.get("title",d["text"][:20]),title=d.get("title",""),text=d["text"],language=d.get("language","zh"))
        return
    m,b=parse(raw)
    k=key(m,name)
    if "translation_of" in m:
        o=original(m["translation_of"]); k=key(parse(o)[0],m["translation_of"])
    yield Document(source_key=k,title=m["title"],text=b,language=m["language"],publisher=m.get("publisher",""),published=m.get("published"),inferred=bool(m.get("inferred")),brief=bool(m.get("brief")))
