// Only improves: every page works without it.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// What is wrong comes first: the list of errors gets the focus, so that it is read out and Tab goes on from it.
document.querySelector("[data-focus]")?.focus();

// Characters left, told only near the limit to those who listen.
for (const area of all("textarea[data-limit]")) {
  const counter = document.querySelector(`[data-counter="${area.id}"]`);
  const limit = Number(area.dataset.limit);
  const count = () => {
    const left = limit - [...area.value.trim()].length;
    const over = left < 0;
    counter.textContent = (over ? counter.dataset.over : counter.dataset.left).replace("#", Math.abs(left).toLocaleString(document.documentElement.lang));
    counter.classList.toggle("counter--over", over);
    counter.setAttribute("aria-live", left < limit / 10 ? "polite" : "off");
  };
  if (counter) { area.addEventListener("input", count); count(); }
}

// A draft is kept in this browser until its form has been sent.
for (const area of all("textarea[data-draft]")) {
  const name = `draft:${area.dataset.draft}`;
  try {
    if (!area.value) { area.value = localStorage.getItem(name) ?? ""; area.dispatchEvent(new Event("input")); }
    area.addEventListener("input", () => localStorage.setItem(name, area.value));
    area.form.addEventListener("submit", () => localStorage.removeItem(name));
  } catch { /* the browser keeps nothing: private mode */ }
}

// Twice pressed is sent once.
for (const form of all('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

// Categories that the text mentions, to choose with one press. The server reads the words.
for (const list of all("[data-suggest]")) {
  const text = document.getElementById(list.dataset.suggest);
  const select = document.getElementById(list.dataset.for);
  let waiting, request;
  const button = ({ id, name }) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = name;
    button.addEventListener("click", () => { select.value = id; select.focus(); });
    item.append(button);
    return item;
  };
  const suggest = async () => {
    request?.abort();
    if (!text.value.trim()) return list.replaceChildren();
    request = new AbortController();
    const headers = { accept: "application/json", "content-type": "application/json" };
    const body = JSON.stringify({ text: text.value });
    try {
      const reply = await fetch(list.dataset.source, { method: "POST", headers, body, signal: request.signal });
      if (reply.ok) list.replaceChildren(...(await reply.json()).items.map(button));
    } catch { /* a later one is on its way, or nothing answers: the list of categories is there */ }
  };
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 250);
  });
  suggest();
}

// What a browser can do besides.
const offerPrint = () => all("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
offerPrint();

// While the organization is being found the page looks again by itself, but never under the hands of somebody who uses it.
const main = document.querySelector("main");
const lookAgain = async (tries) => {
  const reply = await fetch(location.href, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (!reply.ok || main.contains(document.activeElement)) return;
  main.replaceChildren(...page.querySelector("main").childNodes);
  offerPrint();
  waitFor(tries - 1);
};
const waitFor = (tries) => {
  if (tries > 0 && main.querySelector("[data-waiting]")) setTimeout(() => lookAgain(tries).catch(() => {}), 1500);
};
waitFor(8);

// One box ticks all of its form.
for (const box of all("input[data-all]")) {
  box.hidden = false;
  box.addEventListener("change", () => all(`input[name="${box.dataset.all}"]`).forEach((one) => { one.checked = box.checked; }));
}

// Letters can be switched off (WCAG 2.1.4): people who speak to their computer press them by chance.
const keysOff = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };
const isLetter = (event) => !keysOff() && !event.ctrlKey && !event.altKey && !event.metaKey
  && !event.target.closest("input:not([type=checkbox]), textarea, select");
const keyed = all("[data-key]");
const keySwitch = document.querySelector("[data-keys]");
if (keySwitch && (keyed.length || document.querySelector("kbd"))) {
  const name = () => { keySwitch.textContent = keysOff() ? keySwitch.dataset.off : keySwitch.dataset.on; };
  keySwitch.hidden = false;
  keySwitch.addEventListener("click", () => {
    try { localStorage.setItem("keys", keysOff() ? "on" : "off"); } catch { /* the browser keeps nothing: private mode */ }
    name();
  });
  name();
}

// A letter does what its link or button does; never while something is typed, and never with Ctrl or Alt. What cannot be undone only
// gets the focus: Enter does it.
if (keyed.length) {
  addEventListener("keydown", (event) => {
    const target = isLetter(event) && keyed.find((one) => one.dataset.key === event.code);
    if (!target) return;
    event.preventDefault();
    target.closest("details")?.setAttribute("open", "");
    target.matches("a, button:not([data-twice])") ? target.click() : target.focus();
  });
}

// J and K go from row to row of a list.
const rows = all("[data-row]");
if (rows.length) {
  addEventListener("keydown", (event) => {
    const step = { KeyJ: 1, KeyK: -1 }[event.code];
    if (!step || !isLetter(event)) return;
    event.preventDefault();
    const at = rows.indexOf(event.target.closest("tr")?.querySelector("[data-row]"));
    rows[Math.min(Math.max(at + step, 0), rows.length - 1)].focus();
  });
}

// The case of a row is shown beside the list: when its link has the focus, and when the row is pressed.
const previewPlace = document.querySelector("[data-preview-place]");
if (previewPlace) {
  const parts = new Map();
  const shown = () => getComputedStyle(previewPlace.closest("aside")).display !== "none";
  const show = async (link) => {
    if (!shown() || link.getAttribute("aria-current")) return;
    rows.forEach((row) => row.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    try {
      if (!parts.has(link)) {
        const reply = await fetch(link.dataset.preview, { headers: { accept: "text/html" } });
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        parts.set(link, page.querySelector("[data-part]"));
      }
      const part = parts.get(link);
      if (part && link.getAttribute("aria-current")) previewPlace.replaceChildren(part);
    } catch { link.removeAttribute("aria-current"); }
  };
  for (const link of rows) {
    link.addEventListener("focus", () => show(link));
    link.closest("tr").addEventListener("click", (event) => {
      if (!event.target.closest("a, label, input, button")) { link.focus({ preventScroll: true }); show(link); }
    });
  }
}

// How many are ticked.
for (const place of all("[data-ticked]")) {
  const boxes = all(`input[name="${place.dataset.ticked}"]`);
  const count = () => { place.textContent = boxes.filter((box) => box.checked).length || ""; };
  addEventListener("change", count);
  count();
}

// A number is copied by its button.
for (const button of all("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    if (button.dataset.copied) button.textContent = button.dataset.copied;
  });
}

// A template is put in where the text is, and what was written stays.
for (const form of all("form[data-insert]")) {
  form.addEventListener("submit", async (event) => {
    const area = document.getElementById(form.dataset.insert);
    const chosen = new URLSearchParams(new FormData(form));
    event.preventDefault();
    if (!chosen.get("template")) return;
    try {
      const reply = await fetch(`${form.getAttribute("action")}?${chosen}`, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const text = page.getElementById(form.dataset.insert).value;
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input"));
      area.focus();
    } catch { form.submit(); }
  });
}

// A part of another page, shown in this one when it is opened.
for (const details of all("details[data-load]")) {
  details.addEventListener("toggle", async () => {
    if (!details.open || details.dataset.loaded) return;
    details.dataset.loaded = "yes";
    const place = details.querySelector("[data-place]");
    try {
      const reply = await fetch(details.dataset.load, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      place.replaceChildren(...(page.querySelector("[data-part]")?.childNodes ?? []));
    } catch { delete details.dataset.loaded; }
  });
}

// What is found while it is typed: the last word may be the beginning of one. The address has what was written, for whoever comes back.
for (const form of all("form[data-live]")) {
  const place = document.getElementById(form.dataset.live);
  let waiting, request;
  const look = async () => {
    request?.abort();
    request = new AbortController();
    const address = (chosen) => `${form.getAttribute("action")}?${chosen}`;
    const chosen = new URLSearchParams(new FormData(form));
    const written = address(chosen);
    chosen.set("q", form.elements.q.value.replace(/(^|\s)(?!(?:OR|AND|ИЛИ)$)(\p{L}{2,})$/u, "$1$2*"));
    try {
      place.setAttribute("aria-busy", "true");
      const reply = await fetch(address(chosen), { headers: { accept: "text/html" }, signal: request.signal });
      if (!reply.ok) return; // not finished: a quotation mark is open, a filter has no value
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      place.removeAttribute("aria-busy");
      if (place.contains(document.activeElement)) return; // somebody has gone on to what is there
      all("main .summary, main .note--bad").forEach((former) => former.remove());
      place.replaceChildren(...page.getElementById(place.id).childNodes);
      history.replaceState({ live: true }, "", written);
      document.querySelector("[data-found]").textContent = place.querySelector("h2")?.textContent ?? "";
    } catch { /* a later one is on its way, or nothing answers: Enter tells */ }
  };
  form.elements.q.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 250);
  });
  form.addEventListener("submit", () => { clearTimeout(waiting); request?.abort(); });
  if (history.state?.live) look(); // somebody has come back to what they had not finished
}

// Organizations whose names have what is typed: too many to be sent with the page.
for (const list of all("datalist[data-source]")) {
  for (const input of all(`input[list="${list.id}"]`)) {
    let waiting;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      if (input.value.trim().length < 2) return;
      waiting = setTimeout(async () => {
        const query = new URLSearchParams({ q: input.value.trim(), limit: 20 });
        try {
          const reply = await fetch(`${list.dataset.source}?${query}`, { headers: { accept: "application/json" } });
          list.replaceChildren(...(await reply.json()).items.map(({ id, name }) => new Option(name, id)));
        } catch { /* the id can be written all the same */ }
      }, 200);
    });
  }
}
