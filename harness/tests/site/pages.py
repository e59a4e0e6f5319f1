#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# pages: what can be said of the site's pages without a browser. Prints a line for
# each complaint; status 1 if there is one, 2 if nothing was looked at.
#
#   harness/tests/site/pages.py CHECK SITE      from the root of the project
#   CHECK: links, resources, questions, weight, parts, marks, pictures, orders,
#   symptoms, translated (of SITE/ja)
import difflib
import html
import html.parser
import json
import pathlib
import re
import sys
import urllib.parse

MOST_BYTES = 100_000
MOST_QUESTIONS = 7


class Page(html.parser.HTMLParser):
    """The links, anchors and resources of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.ids, self.loaded = [], set(), []
        self.questions, self.question = {}, None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            if attrs["id"] in self.ids:
                self.links.append(f"#the-id-{attrs['id']}-stands-twice")
            self.ids.add(attrs["id"])
        if tag == "section" and attrs.get("class") == "question":
            self.question = attrs["id"]
            self.questions[self.question] = []
        if tag == "a" and "href" in attrs:
            self.links.append(attrs["href"])
            if self.question:
                self.questions[self.question].append(attrs["href"])
        elif "src" in attrs or (tag == "link" and attrs.get("rel") not in
                                ("canonical", "alternate")):
            self.loaded.append(attrs.get("src") or attrs["href"])

    def handle_endtag(self, tag):
        if tag == "section":
            self.question = None


def links(site, pages):
    """Each link inside leads to a page, a file or an anchor that is there."""
    for name, page in pages.items():
        for link in page.links:
            where = urllib.parse.urlsplit(link)
            if where.scheme in ("http", "https"):
                continue
            target = where.path or name
            if not (site / target).is_file():
                yield f"{name}: {link} leads nowhere"
            elif where.fragment and target in pages and \
                    where.fragment not in pages[target].ids:
                yield f"{name}: {link} has no such place"


def resources(_site, pages):
    """Nothing is loaded from elsewhere."""
    for name, page in pages.items():
        for loaded in page.loaded:
            where = urllib.parse.urlsplit(loaded)
            if where.scheme not in ("", "data") or where.netloc:
                yield f"{name} loads {loaded}"


def questions(_site, pages):
    """The questions lead to each lab, in at most seven steps."""
    asked = pages["which.html"].questions
    first = next(iter(asked))
    steps, now, reached = {first: 1}, [first], set()
    while now:
        for link in asked[now[0]]:
            anchor = link[1:]
            if link.startswith("#") and anchor not in steps:
                steps[anchor] = steps[now[0]] + 1
                now.append(anchor)
            elif not link.startswith("#"):
                reached.add(link)
        now.pop(0)
    for anchor, count in steps.items():
        if count > MOST_QUESTIONS:
            yield f"{anchor} is question {count}"
    for anchor in asked.keys() - steps.keys():
        yield f"no answer leads to {anchor}"
    labs = {name for name in pages if name[:2].isdigit()}
    for name in sorted(labs - reached):
        yield f"no question leads to {name}"


def weight(site, pages):
    """Each page is small, with its style sheet and its script."""
    beside = sum((site / name).stat().st_size
                 for page in list(pages.values())[:1] for name in page.loaded
                 if not name.startswith("data:"))
    for name in pages:
        size = (site / name).stat().st_size
        if size + (beside if name[:2].isdigit() else 0) >= MOST_BYTES:
            yield f"{name} has {size} bytes"


PARTS = ("you-see", "in-short", "program-and-cure", "cures-and-their-cost",
         "what-does-not-help", "what-is-really-going-on", "seen-in-the-wild",
         "measured-on", "three-questions")


def parts(site, pages):
    """A page for each lab and no other, with all its parts, in that order."""
    labs = {path.stem + ".html" for path in pathlib.Path("labs").glob("[0-9]*.md")}
    found = {name for name in pages if name[:2].isdigit()}
    for name in sorted(labs ^ found):
        yield f"{name} is a page or a lab, not both"
    for name in sorted(found):
        text = (site / name).read_text(encoding="utf-8")
        places = [text.find(f'<h2 id="{part}">') for part in PARTS]
        if -1 in places or places != sorted(places):
            yield f"{name} lacks a part, or has it elsewhere"
        for part in ('class="first"', 'rel="prev"', 'rel="next"', "Permalink"):
            if part not in text and part not in ('rel="prev"', 'rel="next"'):
                yield f"{name} has no {part}"
        if 'rel="prev"' not in text and 'rel="next"' not in text:
            yield f"{name} has no neighbour"


JAPANESE = re.compile("[\u3041-\u30ff]")
# What is translated of a page, by the heading in front of it.
TRANSLATED = ("you-see", "in-short", "cures-and-their-cost")


def translated(site, pages):
    """Title, heading and the translated parts of a page are in Japanese, and it
    says that it is; what is not is marked as English."""
    for name in pages:
        text = (site / name).read_text(encoding="utf-8")
        if '<html lang="ja">' not in text:
            yield f"{name} does not say that it is in Japanese"
        places = ["<title>", "<h1>"]
        if name[:2].isdigit():
            places += [f'<h2 id="{part}">' for part in TRANSLATED]
            if 'id="seen-in-the-wild">' in text and '<div lang="en">' not in text:
                yield f"{name} has no part in English"
        for place in places:
            found = re.search(re.escape(place) + r".*?(?=<h[12]|</title>|\Z)",
                              text, re.S)
            # Code is the same in each language, and so is what is left of it.
            if not found or not JAPANESE.search(found.group()):
                yield f"{name}: nothing in Japanese behind {place}"


def source(directory, stem):
    path = pathlib.Path(directory) / f"{stem}.c"
    return path.read_text(encoding="utf-8").splitlines()


def marks(site, pages):
    """Without what is marked, program and cure are the same lines; and no fewer
    lines are marked than a diff has."""
    for name in (name for name in pages if name[:2].isdigit()):
        text = (site / name).read_text(encoding="utf-8")
        shown = re.findall(r'class="code" tabindex="0"><code>(.*?)</code></pre>',
                           text, re.S)
        rest = [re.sub(r"<(del|ins)>.*?</\1>\n", "", part, flags=re.S)
                for part in shown]
        if len(rest) != 2 or rest[0] != rest[1]:
            yield f"{name}: what is not marked differs"
        stem = name[:-5]
        for part, directory in zip(shown, ("labs", "solutions")):
            lines = html.unescape(re.sub("</?(del|ins)>", "", part)).splitlines()
            if lines != source(directory, stem)[-len(lines):]:
                yield f"{name}: this is not {directory}/{stem}.c"
        marked = text.count("<del>") + text.count("<ins>")
        matcher = difflib.SequenceMatcher(None, source("labs", stem),
                                          source("solutions", stem), False)
        most = sum(max(i2 - i1, 0) + max(j2 - j1, 0)
                   for tag, i1, i2, j1, j2 in matcher.get_opcodes()
                   if tag != "equal")
        if not 0 < marked <= most:
            yield f"{name}: {marked} lines are marked, a diff has {most}"


def pictures(site, _pages):
    """A lab that was run has a picture, and the same moments in words."""
    for path in pathlib.Path("build/site-data/runs").glob("*.json"):
        run = json.loads(path.read_text(encoding="utf-8"))
        if run["outcome"] != "hazard":
            continue
        text = (site / f"{run['stem']}.html").read_text(encoding="utf-8")
        drawn, told = text.count("<circle"), len(re.findall(r"<li>[\d.]+ ms: ", text))
        if drawn == 0 or drawn != told:
            yield f"{path.name}: {drawn} moments are drawn, {told} told"


def orders(site, pages):
    """Six labs at least have two runs that begin alike; then somebody else runs.
    What a step says of memory stands in the JSON of that run."""
    found = 0
    for name in (name for name in pages if name[:2].isdigit()):
        text = (site / name).read_text(encoding="utf-8")
        lists = re.findall(r'<ol class="steps".*?</ol>', text, re.S)
        if not lists:
            continue
        found += 1
        steps = [re.findall(r'<li data-who="(.*?)".*?class="said">(.*?)</', one)
                 for one in lists]
        shared = 0
        while shared < min(map(len, steps)) and \
                steps[0][shared] == steps[1][shared]:
            shared += 1
        last = [one[shared][0] for one in steps if shared < len(one)]
        if shared == 0 or len(set(last)) != 2:
            yield f"{name}: the runs part after {shared} steps, at {last}"
        for one, variant in zip(lists, ("labs", "solutions")):
            run = pathlib.Path(f"build/site-data/orders/{name[:2]}-{variant}.json")
            said = " ".join(record["text"] for record in
                            json.loads(run.read_text(encoding="utf-8"))["records"])
            memory = re.findall(r'class="memory">(.*?)<', one)
            if not memory or any(html.unescape(m) not in said for m in memory):
                yield f"{name}: {run.name} has other memory"
    if found < 6:
        yield f"{found} labs have two runs"


def symptoms(site, _pages):
    """Each symptom of the pages and of strings.tsv is in the index."""
    text = (site / "symptoms.html").read_text(encoding="utf-8")
    index = html.unescape(re.sub("<[^>]*>", "", text)).lower()
    table = pathlib.Path("labs/strings.tsv").read_text(encoding="utf-8")
    wanted = [line.split("\t")[0] for line in table.splitlines()]
    for path in pathlib.Path("labs").glob("[0-9]*.md"):
        folded = re.search(r"<summary>Symptoms</summary>(.*?)</details>",
                           path.read_text(encoding="utf-8"), re.S)
        for item in re.findall(r"^- (.*(?:\n  .*)*)", folded.group(1), re.M):
            wanted.append(re.sub(r"\s+", " ", item.replace("`", "")))
    if len(wanted) < 400:
        yield f"only {len(wanted)} symptoms"
    for string in wanted:
        if "\\" not in string and "[" not in string and \
                string.lower() not in index:
            yield f"not in the index: {string}"


def main():
    what, site = sys.argv[1], pathlib.Path(sys.argv[2])
    pages = {path.name: Page(path) for path in sorted(site.glob("*.html"))}
    if len(pages) < 2:
        print(f"{site} has no pages")
        return 2
    checks = {"links": links, "resources": resources,
              "questions": questions, "weight": weight, "parts": parts,
              "marks": marks, "pictures": pictures, "symptoms": symptoms,
              "orders": orders, "translated": translated}
    complaints = list(checks[what](site, pages))
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


sys.exit(main())
