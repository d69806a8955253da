// Walks through the desk in Chromium as its people would, and tells what is wrong.
//
//   node look.mjs MODULES BROWSER JOB.json      JOB: {url, passphrase, people: {role: name}, report: evidence, pictures: folder}
//
// Prints one line of JSON: {problems: [sentences], pages: how many were looked at}.

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
  await page.goto(job.url);
  await page.click("header button");
  expect(page.url().endsWith("/sign-in"), "without scripts nobody gets out");
  looked_at += 1;
  await context.close();
}

const browser = await chromium.launch({ executablePath: browser_path, args: ["--no-sandbox"] });
try {
  await with_scripts(browser);
  await without_scripts(browser);
} catch (error) {
  problems.push(String(error.message).slice(0, 600));
} finally {
  await browser.close();
}
console.log(JSON.stringify({ problems, pages: looked_at }));
