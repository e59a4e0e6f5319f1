// SPDX-License-Identifier: MIT
//
// What the pages can do besides: copy a program, filter a list, show one question
// at a time, and step through two runs. All of it is there without JavaScript, too.
"use strict";

// The lines of a program, without their marks; its head is in the download.
function copyOf(button) {
  const code = document.getElementById(button.dataset.copy).textContent;
  return navigator.clipboard.writeText(code).then(
    () => { button.textContent = button.dataset.copied; },
    () => { button.textContent = button.dataset.refused; });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => copyOf(button));
}

// Each word that was typed must stand in the entry.
function setUpFilter(filter) {
  const entries = [...document.querySelectorAll(".filtered > li, .filtered > tbody > tr")];
  const texts = entries.map((entry) => entry.textContent.toLowerCase());
  const show = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    entries.forEach((entry, i) => {
      entry.hidden = !words.every((word) => texts[i].includes(word));
      count += !entry.hidden;
    });
    for (const part of document.querySelectorAll("section:has(> .filtered)"))
      part.hidden = !part.querySelector("li:not([hidden])");
    document.getElementById("found").textContent = words.length ? `${count} found` : "";
  };
  document.getElementById("search").hidden = false;
  filter.addEventListener("input", show);
  show();
}

const filter = document.getElementById("filter");
if (filter) setUpFilter(filter);

// One question at a time: the one that the address names, or the first one.
function setUpQuestions(questions) {
  const show = (focus) => {
    const asked = document.getElementById(location.hash.slice(1));
    const now = asked && asked.matches(".question") ? asked : questions[0];
    for (const question of questions) question.hidden = question !== now;
    document.getElementById("way").hidden = now === questions[0];
    if (!focus) return;
    const heading = now.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus();
  };
  document.getElementById("again").addEventListener("click", () => { location.hash = questions[0].id; });
  document.getElementById("back").addEventListener("click", () => history.back());
  window.addEventListener("hashchange", () => show(true));
  show(false);
}

const questions = [...document.querySelectorAll(".question")];
if (questions.length) setUpQuestions(questions);

// "You are the thread": two recorded runs, and the reader says who runs next. What
// is shown stands in the two lists. A run fits as long as it began with the same
// steps as those that were taken; where the runs part, the choice decides.
function setUpGame(game) {
  const find = (id) => document.getElementById(`game-${id}`);
  const orders = [...document.querySelectorAll(".steps")].map((list) => ({
    lanes: list.dataset.lanes.split("|"),
    steps: [...list.querySelectorAll("li:not(.end)")],
    ends: [...list.querySelectorAll(".end")],
    verdict: list.nextElementSibling,
  }));
  const key = (step) => step.dataset.who + step.querySelector(".said").textContent;
  const line = (step) => [...step.childNodes].filter((node) => !node.matches?.("br, small"))
    .map((node) => node.textContent).join("");
  const everybody = [...new Set(orders.flatMap((order) => order.lanes))];
  const forked = new Set(orders.flatMap((order) => order.steps.map((step) => step.dataset.forks)));
  let taken = [];

  const fitting = () => orders.filter((order) =>
    taken.every((step, i) => order.steps[i] && key(order.steps[i]) === key(step)));
  const next = () => fitting().map((order) => order.steps[taken.length]).filter(Boolean);
  const isThere = (who) => !forked.has(who) || taken.some((step) => step.dataset.forks === who);

  function say(lines) {
    find("told").replaceChildren(...lines.map((one) =>
      Object.assign(document.createElement("p"), { textContent: one })));
  }

  // What a process had in memory when it last spoke.
  function showSides() {
    const last = new Map();
    for (const step of taken) {
      const memory = step.querySelector(".memory");
      if (memory) last.set(step.dataset.side, memory.textContent.split("; "));
      if (step.dataset.forks) last.set(step.dataset.forks, ["a copy of its parent"]);
    }
    find("sides").replaceChildren(...[...last].map(([side, memory]) => {
      const box = document.createElement("div");
      const list = document.createElement("ul");
      box.append(Object.assign(document.createElement("b"), { textContent: `memory of ${side}, when it last spoke` }), list);
      for (const item of memory) {
        const entry = Object.assign(document.createElement("li"), { textContent: item });
        if (/\bheld\b/.test(item)) entry.className = /not here/.test(item) ? "held gone" : "held";
        list.append(entry);
      }
      return box;
    }));
  }

  // Who cannot be chosen, and why, in words that the runs have.
  function refusal(who) {
    const [order] = fitting();
    const end = order.ends.find((item) => item.dataset.who === who);
    const later = fitting().some((one) => one.steps.slice(taken.length).some((step) => step.dataset.who === who));
    if (taken.some((step) => step.dataset.who === who && "ends" in step.dataset)) return `${who} has ended.`;
    if (!next().length && !end) return `The run is over, and ${who} says no more.`;
    if (!later && end) return line(end);
    return `${fitting().length > 1 ? "In neither run does" : "In this run"} ${who} ${
      fitting().length > 1 ? "run here" : "does not run here"}. Choose another one.`;
  }

  function tell() {
    const possible = next();
    const last = taken.at(-1);
    const said = [last ? line(last) : "The program starts."];
    if (!possible.length) {
      const [order] = fitting();
      said.push(...order.ends.map(line), order.verdict.textContent,
        "Go back to where the runs part, and let another one run.");
    } else if (new Set(possible.map((step) => step.dataset.who)).size > 1) {
      said.push("Here the two runs part.");
    }
    say(said);
    find("way").textContent = taken.slice(0, -1).map((step) => line(step) + " \u2192 ").join("");
  }

  function show() {
    tell();
    showSides();
    find("turns").replaceChildren(...everybody.filter(isThere).map((who, i) => {
      const button = Object.assign(document.createElement("button"),
        { type: "button", textContent: `${i + 1} ${who}` });
      button.dataset.who = who;
      return button;
    }));
    find("back").disabled = find("again").disabled = !taken.length;
  }

  function take(who) {
    const step = next().find((one) => one.dataset.who === who);
    if (!step) {
      say([refusal(who)]);
      return;
    }
    taken.push(step);
    show();
    find("turns").querySelector(`[data-who="${who}"]`).focus();
  }

  function goBack(count) {
    taken = taken.slice(0, count);
    show();
    find("turns").querySelector("button").focus();
  }

  find("turns").addEventListener("click", (event) => {
    if (event.target.dataset.who) take(event.target.dataset.who);
  });
  find("back").addEventListener("click", () => goBack(taken.length - 1));
  find("again").addEventListener("click", () => goBack(0));
  game.addEventListener("keydown", (event) => {
    const button = find("turns").children[Number(event.key) - 1];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (button) take(button.dataset.who);
    if (event.key === "Backspace" && taken.length) goBack(taken.length - 1);
  });
  document.getElementById("orders").open = false;
  game.hidden = false;
  show();
}

const game = document.getElementById("game");
if (game) setUpGame(game);
