// Walks through the desk in Chromium as its people would, and tells what is wrong.
//
//   node look.mjs MODULES BROWSER JOB.json      JOB: {url, passphrase, people: {role: name}, report: evidence, face: evidence, pictures: folder}
//
// Prints one line of JSON: {problems: [sentences], pages: how many were looked at, scene_bytes: what a session's page with its face takes}.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, browser_path, job_path] = process.argv.slice(2);
const require = createRequire(pathToFileURL(modules + "/"));
const { chromium } = require("playwright-core");
const axe_source = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const job = JSON.parse(readFileSync(job_path, "utf8"));

const PATIENCE_MS = 300_000; // a report's pictures on a busy machine without a graphics card

const problems = [];
let looked_at = 0;
let scene_bytes = 0;
const expect = (holds, sentence) => holds || problems.push(sentence);

/** Tells whatever the page complains of; a refusal that was meant is in `expected`. */
function listen(page, expected) {
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    if (!expected.some((status) => message.text().includes(`status of ${status}`))) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(job.url) && !request.url().startsWith("data:")) problems.push(`request: ${request.url()}`);
  });
}

async function sign_in(page, name, passphrase = job.passphrase) {
  await page.goto(job.url);
  await page.fill("#name", name);
  await page.fill("#passphrase", passphrase);
  await page.click("main button");
}

async function accessibility(page, what) {
  await page.evaluate(axe_source);
  const result = await page.evaluate(() => window.axe.run(document));
  for (const v of result.violations)
    if (["serious", "critical"].includes(v.impact)) problems.push(`axe, ${what}: ${v.id} (${v.impact}): ${v.help}: ${v.nodes[0].html.slice(0, 200)}`);
}

/** One page in both colours and two widths: accessible, nothing wider than the window. */
async function look(page, name) {
  for (const colorScheme of ["light", "dark"])
    for (const width of [1280, 390]) {
      const what = `${name}, ${colorScheme}, ${width}`;
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await accessibility(page, what);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide <= 0, `${what}: scrolls sideways by ${wide}`);
      await page.screenshot({ path: `${job.pictures}/${name}-${colorScheme}-${width}.png`, fullPage: true });
    }
  await page.setViewportSize({ width: 1280, height: 900 });
  looked_at += 1;
}

/** What the scene shows when a key was pressed, after a button where one is named, in that very moment: how much of it is drawn, and how
 * much in colours of its own. The key must be one that draws. */
const seen_after = (page, key, button = "") =>
  page.evaluate(([pressed, clicked]) => {
    if (clicked) document.querySelector(clicked).click();
    const canvas = document.querySelector(".scene canvas"), copy = document.createElement("canvas"), colours = { blue: 0, amber: 0, pink: 0, skin: 0 };
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: pressed, bubbles: true, cancelable: true }));
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const pixels = context.getImageData(0, 0, copy.width, copy.height).data, kinds = new Set();
    let drawn = 0, sum = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      const [r, g, b, a] = pixels.subarray(i, i + 4);
      if (a < 250) continue;
      drawn += 1;
      sum = (sum * 31 + r * 65536 + g * 256 + b) % 4294967291;
      kinds.add((r >> 4) * 256 + (g >> 4) * 16 + (b >> 4));
      if (b > r + 60 && b > g + 25) colours.blue += 1;
      if (r > 225 && g > 130 && b < 110) colours.amber += 1;
      if (r > 220 && g < 110 && b > 130) colours.pink += 1;
      if (r > g + 12 && g > b && r - b < 120) colours.skin += 1;
    }
    return { drawn: drawn / (pixels.length / 4), colours, kinds: kinds.size, sum };
  }, [key, button]);

/** The face of a session, turned and asked. */
async function scene(page) {
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.setCacheDisabled", { cacheDisabled: true });
  let received = 0;
  network.on("Network.loadingFinished", (one) => (received += one.encodedDataLength));
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${job.url}session?id=${job.face}`);
  const before = received;
  expect(before > 0 && before < 60_000, `a session's page alone takes ${before} bytes`);
  await page.click(".scene [data-do=open]");
  await page.waitForSelector(".scene[data-open=yes]", { timeout: PATIENCE_MS });
  scene_bytes = received;
  const front = await seen_after(page, "Home");
  expect(front.drawn > 0.1 && front.kinds > 150, `the face is hardly drawn: ${JSON.stringify(front)}`);
  expect(front.colours.skin > 2000 && front.colours.blue > 500 && front.colours.amber > 50, `skin or punctures are missing: ${JSON.stringify(front)}`);
  const turned = await seen_after(page, "ArrowRight");
  expect(turned.sum !== front.sum, "an arrow key does not turn the face");
  expect((await seen_after(page, "Home")).sum === front.sum, "Home does not bring the face back");
  expect((await seen_after(page, "+")).drawn > front.drawn, "the face does not come nearer");
  expect((await seen_after(page, "ArrowRight", ".scene [data-do=front]")).sum === turned.sum, "with reduced motion the face moves on the way");
  await page.emulateMedia({ reducedMotion: "no-preference" });
  expect((await seen_after(page, "ArrowRight", ".scene [data-do=front]")).sum !== turned.sum, "the face jumps where nobody asked for less motion");
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.click(".scene [data-kind='2']");
  expect((await seen_after(page, "Home")).colours.amber < front.colours.amber / 4, "what is too deep stays when it is left out");
  await page.click(".scene [data-kind='2']");
  const fault = page.locator(".scene .places button").first();
  await fault.click();
  expect((await fault.getAttribute("aria-pressed")) === "true", "a fault's button does not say that it is pressed");
  expect((await seen_after(page, "Home")).colours.pink > front.colours.pink + 200, "a fault's places are not shown");
  await fault.click();
  const told = await page.getAttribute(".scene canvas", "aria-label");
  expect(/[0-9]/.test(told) && !told.includes("{"), `the picture is told as "${told}"`);
  await page.click(".scene summary");
  expect((await page.locator(".scene tbody tr").count()) > 5, "the table by zone is empty");
  await look(page, "scene");
  await page.click(".scene [data-do=left]");
  await page.locator(".scene .frame").screenshot({ path: `${job.pictures}/face-left.png` });
  await network.detach();
}

async function with_scripts(browser) {
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  listen(page, [403]);
  await sign_in(page, job.people.instructor, "not the passphrase");
  expect((await page.textContent("main")).includes("is wrong"), "a wrong passphrase is not told");
  await look(page, "sign-in");
  await sign_in(page, job.people.instructor);
  expect((await page.textContent("h1")) === "Cohorts", `after signing in there is ${await page.textContent("h1")}`);
  await look(page, "cohorts");
  await page.click("main tbody a:has-text('spring')");
  await look(page, "cohort");
  await page.click("main tbody a");
  await look(page, "candidate");
  await page.click("main form button");
  expect((await page.textContent("h1")).includes("side by side"), "the comparison does not open");
  await look(page, "compare");
  await page.goto(`${job.url}session?id=${job.report}`);
  await look(page, "session");
  await scene(page);
  await page.goto(`${job.url}session?id=${job.report}`);
  await page.click("a[href^='/report']");
  expect((await page.content()).includes("<svg"), "the report has no charts");
  await page.screenshot({ path: `${job.pictures}/report.png` });
  const refused = await page.goto(`${job.url}audit`);
  expect(refused.status() === 403, `an instructor gets ${refused.status()} for the audit`);
  await look(page, "refused");
  await page.click("header button");
  expect(page.url().endsWith("/sign-in"), "signing out leads elsewhere");
  await sign_in(page, job.people.auditor);
  await page.click("nav a[href='/audit']");
  await look(page, "audit");
  const table = await page.goto(`${job.url}results.csv?cohort=spring`).catch(() => null);
  expect(table === null || table.status() === 403, "an auditor takes the results away");
  await context.close();
}

async function without_scripts(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "fr-FR" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  listen(page, []);
  await sign_in(page, job.people.examiner);
  expect((await page.textContent("h1")) === "Groupes", "without scripts nobody gets in");
  await page.click("main tbody a:has-text('spring')");
  await page.fill("#part", "a-1");
  await page.click("main form button");
  await page.click("main tbody th a");
  const radios = page.locator("input[type=radio]");
  expect((await radios.count()) > 2, "without scripts there is nothing to compare");
  await page.click("main form button");
  expect((await page.textContent("h1")).includes("côte à côte"), "without scripts nothing is compared");
  await page.goto(`${job.url}session?id=${job.face}`);
  expect(!(await page.isVisible(".scene")), "without scripts there is a face that does nothing");
  expect((await page.locator("main table tbody tr").count()) > 5, "without scripts a session's lines are missing");
  await page.goto(job.url);
  await page.click("header button");
  expect(page.url().endsWith("/sign-in"), "without scripts nobody gets out");
  looked_at += 1;
  await context.close();
}

const browser = await chromium.launch({ executablePath: browser_path, args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"] });
try {
  await with_scripts(browser);
  await without_scripts(browser);
} catch (error) {
  problems.push(String(error.message).slice(0, 600));
} finally {
  await browser.close();
}
console.log(JSON.stringify({ problems, pages: looked_at, scene_bytes }));
