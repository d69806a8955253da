// Opens reports in Chromium as a reader would, and tells what is wrong with each.
//
//   node look.mjs MODULES BROWSER JOBS.json      JOBS: [{page, score, language, pdf}], paths; score: `score --json`
//
// Prints one line of JSON a page: {page, problems: [sentences], sheets: pages of the printed PDF}.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, browser_path, jobs_path] = process.argv.slice(2);
const require = createRequire(pathToFileURL(modules + "/"));
const { chromium } = require("playwright-core");
const axe_source = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
const LEAST_PX = (8.5 * 96) / 72 - 0.01; // of text on paper
const SHEET_PX = Math.round(((210 - 24) * 96) / 25.4); // between the print margins

// --- figures: as the page should write what the score says ---

const thousandths = (value) => Math.round(value * 1000);
/** Thousandths with so many decimals, halves away from zero. */
function fixed(value, digits, mark) {
  const unit = 10 ** (3 - digits);
  const rounded = Math.floor((Math.abs(value) + Math.floor(unit / 2)) / unit) * unit;
  let text = (rounded / 1000).toFixed(digits).replace(".", mark);
  return value < 0 && rounded !== 0 ? "−" + text : text;
}
function trimmed(value, digits, mark) {
  const text = fixed(value, digits, mark);
  return text.includes(mark) ? text.replace(/0+$/, "").replace(mark === "." ? /\.$/ : /,$/, "") : text;
}
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** What the page shows, gathered in the page. */
function shown() {
  const figure = (cell) => {
    const data = cell.querySelector("data");
    return data ? { value: data.value, text: data.textContent } : { value: null, text: cell.textContent.trim() };
  };
  const criteria = [...document.querySelectorAll("tr[data-criterion]")].map((row) => ({
    id: row.dataset.criterion,
    value: figure(row.querySelector(".value")),
    points: figure(row.querySelector(".points")),
    verdict: row.querySelector(".verdict").classList[1],
  }));
  const zones = [...document.querySelectorAll("tr[data-zone]")].map((row) => ({
    id: row.dataset.zone,
    figures: [...row.querySelectorAll("td")].map(figure),
  }));
  const total = document.querySelector(".figure data");
  return {
    language: document.documentElement.lang,
    total: { value: total.value, text: total.textContent },
    passed: document.querySelector(".pill").classList.contains("pass"),
    not_assessed: [...document.querySelectorAll("[data-not-assessed]")].map((e) => e.dataset.notAssessed),
    criteria,
    zones,
    hashes: [...document.querySelectorAll(".hashes code")].map((e) => e.textContent),
  };
}

function compare_figures(page, score, language) {
  const mark = language === "en" ? "." : ",";
  const problems = [];
  const same = (what, found, wanted) => found === wanted || problems.push(`${what} is ${found}, not ${wanted}`);
  same("lang", page.language, language);
  same("the total's number", page.total.value, String(score.total));
  same("the total", page.total.text, fixed(score.total * 10, 2, mark));
  same("passed", page.passed, score.pass);
  const rows = new Map(page.criteria.map((row) => [row.id, row]));
  for (const line of score.criteria) {
    const row = rows.get(line.id);
    if (line.verdict === "not_assessed") {
      same(`${line.id} among those not assessed`, page.not_assessed.includes(line.id), true);
      continue;
    }
    if (!row) {
      problems.push(`${line.id} is missing`);
      continue;
    }
    same(`${line.id}: verdict`, row.verdict, line.verdict);
    const digits = line.unit === "%" ? 1 : 2;
    same(`${line.id}: value's number`, row.value.value === null ? null : Number(row.value.value), line.value);
    if (line.value !== null) same(`${line.id}: value`, row.value.text, trimmed(thousandths(line.value), digits, mark));
    same(`${line.id}: points' number`, row.points.value === null ? null : Number(row.points.value), line.points);
    if (line.points !== null) same(`${line.id}: points`, row.points.text, fixed(line.points * 10, 2, mark));
  }
  same("lines", rows.size + page.not_assessed.length, score.criteria.length);
  compare_zones(page, score, mark, same);
  for (const [name, hash] of Object.entries(score.hashes)) same(`hash of ${name} is there`, page.hashes.includes(hash), true);
  return problems;
}

function compare_zones(page, score, mark, same) {
  const told = new Map(score.zones.map((zone) => [zone.id, zone]));
  for (const row of page.zones) {
    const zone = told.get(row.id);
    if (!zone) {
      same(`zone ${row.id} is in the score`, false, row.id === "outside");
      continue;
    }
    const wanted = [
      [zone.area_mm2, fixed(zone.area_mm2 * 10, 1, mark)],
      [zone.punctures, grouped(zone.punctures)],
      [zone.density_per_cm2, grouped(zone.density_per_cm2)],
      [zone.coverage, fixed(Math.round(zone.coverage * 1e4) * 10, 1, mark)],
      [zone.density_cv, zone.density_cv === null ? "–" : fixed(Math.floor(Math.round(zone.density_cv * 1e4) / 10), 2, mark)],
      [zone.depth_mm, zone.depth_mm === null ? "–" : fixed(thousandths(zone.depth_mm), 2, mark)],
      [zone.force_n, zone.force_n === null ? "–" : fixed(thousandths(zone.force_n), 2, mark)],
    ];
    wanted.forEach(([number, text], i) => {
      const found = row.figures[i];
      same(`${row.id}, column ${i + 1}: number`, found.value === null ? null : Number(found.value), number);
      same(`${row.id}, column ${i + 1}`, found.text, text);
    });
  }
  const rows = new Set(page.zones.map((row) => row.id));
  for (const zone of score.zones) if (zone.punctures > 0) same(`zone ${zone.id} is shown`, rows.has(zone.id), true);
}

// --- how it prints ---

/** Text that is too small, runs out of the sheet or is cut by a box around it. */
function paper_faults([least_px, sheet_px]) {
  const faults = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    if (text === "") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const size = parseFloat(getComputedStyle(node.parentElement).fontSize);
    const where = `"${text.slice(0, 40)}"`;
    if (size < least_px) faults.push(`${where} is printed at ${(size * 0.75).toFixed(2)} pt`);
    if (box.left < -0.5 || box.right > sheet_px + 0.5) faults.push(`${where} runs out of the sheet`);
    for (let around = node.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflow === "visible" || around === document.documentElement) continue;
      const frame = around.getBoundingClientRect();
      if (box.right > frame.right + 1 || box.bottom > frame.bottom + 1) faults.push(`${where} is cut`);
    }
  }
  return faults;
}

/** Boxes that meet though neither holds the other. */
function overlaps() {
  const boxes = [...document.querySelectorAll(".fault, .total, .facts > div, h1, h2, tr, figure")]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && box.height > 0);
  const faults = [];
  boxes.forEach((a, i) =>
    boxes.slice(i + 1).forEach((b) => {
      if (a.element.contains(b.element) || b.element.contains(a.element)) return;
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (across > 1 && down > 1)
        faults.push(`"${a.element.textContent.slice(0, 30)}" lies over "${b.element.textContent.slice(0, 30)}"`);
    }),
  );
  return faults;
}

async function print(page, path) {
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: SHEET_PX, height: 1032 });
  const problems = [...(await page.evaluate(paper_faults, [LEAST_PX, SHEET_PX])), ...(await page.evaluate(overlaps))];
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true, path });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  const size = pdf.toString("latin1").match(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/);
  if (Math.abs(size[1] - 595.3) > 1 || Math.abs(size[2] - 841.9) > 1) problems.push(`it prints on ${size[1]} x ${size[2]} pt, not A4`);
  if (sheets !== 2) problems.push(`it prints on ${sheets} pages`);
  return { problems, sheets };
}

// --- one page ---

async function accessibility(page, state) {
  const result = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags } }), AXE_TAGS);
  return result.violations.map((v) => `axe, ${state}: ${v.id} (${v.impact}): ${v.help}: ${v.nodes[0].html.slice(0, 160)}`);
}

async function look(browser, job) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const problems = [];
  const url = pathToFileURL(job.page).href;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) problems.push(`request: ${request.url()}`);
  });
  await page.goto(url, { waitUntil: "load" });
  const broken = await page.evaluate(() => [...document.images].filter((image) => !image.naturalWidth).length);
  if (broken > 0) problems.push(`${broken} pictures do not show`);
  problems.push(...compare_figures(await page.evaluate(shown), JSON.parse(readFileSync(job.score, "utf8")), job.language));
  await page.evaluate(axe_source);
  problems.push(...(await accessibility(page, "as opened")));
  const printed = await print(page, job.pdf);
  problems.push(...printed.problems);
  await page.emulateMedia({ media: "screen" });
  for (const width of [1280, 480]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    problems.push(...(await accessibility(page, `all open, ${width} wide`)));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) problems.push(`at ${width} pixels it scrolls sideways by ${wide}`);
  }
  await context.close();
  return { page: job.page, problems, sheets: printed.sheets };
}

const browser = await chromium.launch({ executablePath: browser_path, args: ["--no-sandbox"] });
try {
  for (const job of JSON.parse(readFileSync(jobs_path, "utf8"))) console.log(JSON.stringify(await look(browser, job)));
} finally {
  await browser.close();
}
