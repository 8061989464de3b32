// Evaluate an expression of the front end's functions and of `given`: { expression, given } comes in
// and its value goes out as JSON. Lists of numbers come as Float64Arrays; what JSON has no number for
// goes out as text.
import { readdirSync, readFileSync } from "node:fs";

const web = new URL("../../emlib/steppers/web/", import.meta.url);
const scope = {};
for (const name of readdirSync(web)) {
  if (name.endsWith(".js")) Object.assign(scope, await import(new URL(name, web)));
}

// The whole run at once.
scope.runEM = (...given) => {
  const climbing = scope.iterate(...given);
  for (;;) {
    const { value, done } = climbing.next();
    if (done) return value;
  }
};

function typed(value) {
  if (Array.isArray(value))
    return value.every(Number.isFinite) ? Float64Array.from(value) : value.map(typed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, typed(part)]));
}

function plain(_, value) {
  if (ArrayBuffer.isView(value)) return Array.from(value);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

const { expression, given } = JSON.parse(readFileSync(0, "utf-8"));
const evaluate = new Function(...Object.keys(scope), "given", `return ${expression};`);
process.stdout.write(
  JSON.stringify(evaluate(...Object.values(scope), typed(given)) ?? null, plain),
);
