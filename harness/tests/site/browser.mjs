// SPDX-License-Identifier: MIT
//
// browser: the site in a real browser, headless Chromium. Prints a line for each
// complaint; status 1 if there is one, 2 if nothing was looked at.
//
//   node harness/tests/site/browser.mjs CHECK SITE MODULES [PICTURES]
//
// MODULES has node_modules/ with playwright-core and axe-core. PICTURES: a
// directory for screenshots, to be looked at.
import { createRequire } from "node:module";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import path from "node:path";

const [check, site, modules, pictures] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const pages = readdirSync(site).filter((name) => name.endsWith(".html")).sort();
const address = (name) => pathToFileURL(path.resolve(site, name)).href;
// Other programs may have the machine: no time decides.
const patience = 300_000;
const complaints = [];
let looked = 0;

// Calls look(page, name) for each of the names, with a browser context of that kind.
async function each(browser, options, names, look) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  for (const name of names) {
    await page.goto(address(name));
    await look(page, name);
    looked += 1;
  }
  await context.close();
}

const wider = (page) => page.evaluate(() => {
  const root = document.documentElement;
  return root.scrollWidth - root.clientWidth;
});

// ---- the checks ----

// No page is wider than the screen.
async function widths(browser) {
  await each(browser, {}, pages, async (page, name) => {
    for (const width of [360, 800, 1400]) {
      await page.setViewportSize({ width, height: 800 });
      const over = await wider(page);
      if (over > 0) complaints.push(`${name} is ${over} px wider than ${width} px`);
      if (pictures && /^(31|[a-z])/.test(name))
        await page.screenshot({ path: `${pictures}/${name}-${width}.png` });
    }
  });
}

// No request leaves the directory.
async function requests(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`asks for ${request.url()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("requestfailed", (request) => complaints.push(`cannot load ${request.url()}`));
  for (const name of pages) {
    await page.goto(address(name));
    looked += 1;
  }
  await context.close();
}

// axe has nothing against a page, in light and in dark.
async function accessible(browser) {
  const some = pages.filter((name) => /^(31|[a-z])/.test(name));
  for (const [colorScheme, names] of [["light", pages], ["dark", some]])
    await each(browser, { colorScheme }, names, async (page, name) => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run(document));
      for (const { id, nodes } of violations)
        complaints.push(`${name} (${colorScheme}): ${id}: ${nodes[0].html.slice(0, 120)}`);
    });
}

// Dark is dark, and paper is white and has no buttons.
async function media(browser) {
  const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const names = ["31-lock-nobody-holds.html"];
  await each(browser, { colorScheme: "dark" }, names, async (page, name) => {
    if (await ground(page) !== "rgb(22, 24, 26)") complaints.push(`${name} is not dark`);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    if (await ground(page) !== "rgb(255, 255, 255)") complaints.push(`${name} is not printed on white`);
    if (await page.locator("header").isVisible()) complaints.push(`${name}: the header is printed`);
    if (await page.locator(".tools").first().isVisible()) complaints.push(`${name}: buttons are printed`);
    const answer = page.locator("details p").last();
    if (!(await answer.boundingBox())) complaints.push(`${name}: what is folded is not printed`);
  });
}

// Without JavaScript all is there, and nothing that would need it.
async function scriptless(browser) {
  await each(browser, { javaScriptEnabled: false }, pages, async (page, name) => {
    const seen = await page.evaluate(() => {
      const shown = (selector) => [...document.querySelectorAll(selector)]
        .filter((element) => element.checkVisibility()).length;
      return { tools: shown("button, input"), questions: shown(".question"),
        all: document.querySelectorAll(".question").length };
    });
    if (seen.tools > 0) complaints.push(`${name} has what cannot work`);
    if (seen.questions < seen.all) complaints.push(`${name} hides a question`);
    if (name === "symptoms.html" && (await page.locator(".symptoms li").count()) < 300)
      complaints.push(`${name} has few symptoms`);
  });
}

// What a reader types: the page must then be in the list, with few beside it.
const typed = [
  ["lll_lock", "31"], ["tz_convert", "33"], ["getaddr", "34"], ["bad record", "23"],
  ["gone away", "22"], ["defunct", "60"], ["already in use", "50"], ["rwlock", "38"],
  ["close_wait", "11"], ["malformed", "24"], ["gomp", "42"], ["setenv", "53"],
];

async function filter(browser) {
  await each(browser, {}, ["symptoms.html"], async (page, name) => {
    for (const [words, lab] of typed) {
      await page.fill("#filter", words);
      const shown = page.locator(".symptoms li:visible");
      const count = await shown.count();
      if (count === 0 || count > 40) complaints.push(`${name}: "${words}" shows ${count}`);
      const leads = await shown.locator(`a[href^="${lab}-"]`).count();
      if (leads === 0) complaints.push(`${name}: "${words}" does not lead to lab ${lab}`);
    }
    await page.fill("#filter", "");
    if ((await page.locator(".symptoms li:visible").count()) < 300)
      complaints.push(`${name}: an empty filter hides something`);
  });
}

// By key alone: the questions up to a lab, and back by the button.
async function keyboard(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await page.goto(address("which.html"));
  await page.locator('a[href="#who-waits"]').first().focus();
  await page.keyboard.press("Enter");
  // The focus follows the address, a moment later.
  const asked = (id) => page.waitForFunction((wanted) =>
    document.activeElement.parentElement?.id === wanted, id).catch(() =>
    complaints.push(`the focus is not at "${id}"`));
  await asked("who-waits");
  if ((await page.locator(".question:visible").count()) !== 1) complaints.push("not one question");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await asked("which-function-wants-the-lock");
  await page.locator("#again").focus();
  await page.keyboard.press("Enter");
  await page.locator("#what-do-you-see").waitFor().catch(() => complaints.push("no way back"));
  looked += 1;
  await context.close();
}

// The button copies the program without its marks.
async function copy(browser) {
  await each(browser, { permissions: ["clipboard-read", "clipboard-write"] },
    ["31-lock-nobody-holds.html"], async (page, name) => {
      await page.locator('[data-copy="solutions"]').click();
      await page.locator('[data-copy="solutions"]:has-text("copied")').waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      const cure = readFileSync(path.join(site, "src/solutions/31-lock-nobody-holds.c"), "utf8");
      if (!text.startsWith("#include") || !cure.endsWith(text.trimStart()))
        complaints.push(`${name}: what was copied is not the cure`);
    });
}

// "You are the thread": by key through each of the two runs up to its verdict. A
// wrong choice takes no step, and Backspace takes one back.
async function game(browser) {
  const names = pages.filter((name) => readFileSync(path.join(site, name), "utf8").includes('id="game"'));
  await each(browser, {}, names, async (page, name) => {
    const told = () => page.locator("#game-told").innerText();
    const order = (list) => list.locator("li:not(.end)").evaluateAll((steps) =>
      steps.map((step) => step.dataset.who));
    const press = async (who) => page.keyboard.press(
      (await page.locator(`#game-turns [data-who="${who}"]`).textContent()).slice(0, 1));
    for (const list of await page.locator(".steps").all()) {
      await page.locator("#game-turns button").first().focus();
      for (const who of await order(list)) await press(who);
      const verdict = await list.evaluate((one) => one.nextElementSibling.textContent);
      if (!(await told()).includes(verdict)) complaints.push(`${name}: "${await told()}" is not "${verdict}"`);
      const end = await told();
      await page.keyboard.press("Backspace");
      if (await told() === end) complaints.push(`${name}: Backspace takes nothing back`);
      await page.locator("#game-again").click();
    }
    const [first, ...others] = await order(page.locator(".steps").first());
    await press(others.find((who) => who !== first && who !== "child"));
    if (await page.locator("#game-sides > div").count() > 0) complaints.push(`${name}: a wrong choice took a step`);
    if (!(await page.locator("#game-told").getAttribute("role"))) complaints.push(`${name}: nobody hears what is told`);
  });
}

// ---- main ----

const checks = { widths, requests, accessible, media, scriptless, filter, keyboard, copy, game };
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .find((program) => existsSync(program));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"],
  timeout: patience });
await checks[check](browser);
await browser.close();
complaints.forEach((complaint) => console.log(complaint));
if (looked === 0) console.log("nothing was looked at");
process.exit(looked === 0 ? 2 : complaints.length > 0 ? 1 : 0);
