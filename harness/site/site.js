// SPDX-License-Identifier: MIT
//
// What the pages can do besides: copy a program, filter a list, and show one
// question at a time. All of it is there without JavaScript, too.
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
