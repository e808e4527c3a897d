// The filters of the index and the player of a story.  Without this script every page
// still shows all that it has.
"use strict";

const byId = (id) => document.getElementById(id);

// The index: what is chosen stands in the address too, so that it can be linked to.
function filterStories(form) {
  const stories = [...document.querySelectorAll("li.story")];
  const names = [...form.elements].map((field) => field.name).filter(Boolean);
  const words = (story) => (story.dataset.words ??= story.textContent.toLowerCase());

  function fits(story, name, value) {
    if (name === "words") return value.toLowerCase().split(/\s+/).every((word) => words(story).includes(word));
    return story.dataset[name].split(name === "command" ? "|" : " ").includes(value);
  }

  function show() {
    const chosen = names.map((name) => [name, form.elements[name].value.trim()]).filter(([, value]) => value);
    let found = 0;
    for (const story of stories) {
      story.hidden = !chosen.every(([name, value]) => fits(story, name, value));
      found += !story.hidden;
    }
    for (const theme of document.querySelectorAll("section.theme")) {
      theme.hidden = !theme.querySelector("li.story:not([hidden])");
    }
    byId("none").hidden = found > 0;
    byId("count").textContent = `${found} of ${stories.length} stories`;
    const address = new URLSearchParams(chosen).toString();
    history.replaceState(null, "", address ? `?${address}` : location.pathname);
  }

  for (const [name, value] of new URLSearchParams(location.search)) {
    if (names.includes(name)) form.elements[name].value = value;
  }
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  show();
}

// A story: its happenings in order, of which the terminal shows those that came on the screen.
function playStory(player) {
  const happenings = [...document.querySelectorAll("#happenings li:not([hidden])")];
  const frames = [...player.querySelectorAll(".frame")];
  const rows = [...document.querySelectorAll("svg.sequence .row")];
  const at = (element) => Number(element.dataset.at);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const position = byId("position");
  const terminal = byId("terminal");
  const diagram = byId("diagram");
  let now = happenings.length - 1;
  let timer = 0;

  position.max = position.value = now;

  function show(number, typed = Infinity) {
    now = Math.max(0, Math.min(number, happenings.length - 1));
    const instant = at(happenings[now]);
    for (const frame of frames) frame.hidden = at(frame) > instant;
    const reached = rows.filter((row) => at(row) <= instant);
    for (const row of rows) {
      row.classList.toggle("ahead", !reached.includes(row));
      row.classList.toggle("now", row === reached.at(-1));
    }
    type(frames.find((frame) => at(frame) === instant)?.querySelector(".typed"), typed);
    const words = happenings[now].textContent.replace(/\s+/g, " ").trim();
    byId("caption").ariaLive = timer ? "off" : "polite"; // a reader of the screen hears steps alone
    byId("caption").textContent = words;
    position.value = now;
    position.setAttribute("aria-valuetext", `${now + 1} of ${happenings.length}: ${words}`);
    follow(reached.at(-1));
  }

  // Only as much of the answer as has been typed so far.
  function type(answer, typed) {
    for (const other of player.querySelectorAll(".typed")) {
      other.dataset.whole ??= other.textContent;
      const whole = other.dataset.whole;
      other.textContent = other === answer ? whole.slice(0, typed) : whole;
    }
  }

  // Keeps the present row in sight.  The page itself moves only where the diagram stands
  // beside the terminal, which then stays where it is seen.
  function follow(row) {
    terminal.scrollTop = terminal.scrollHeight;
    if (!row) return;
    const [inside, around] = [row.getBoundingClientRect(), diagram.getBoundingClientRect()];
    const [above, below] = [inside.top - around.top - 60, inside.bottom - around.bottom + 40];
    if (above < 0) diagram.scrollTop += above;
    else if (below > 0) diagram.scrollTop += below;
    if (around.left > terminal.getBoundingClientRect().right) diagram.scrollIntoView({ block: "nearest" });
  }

  function pause() {
    clearTimeout(timer);
    timer = 0;
    byId("play").textContent = "Play";
  }

  function tick() {
    if (now >= happenings.length - 1) return pause();
    const next = now + 1;
    const happening = happenings[next];
    const pauseAfter = { effect: 350, command: 700, jump: 1600, event: 1200, fault: 1200, elsewhere: 1600 }[happening.className] ?? 220;
    const answer = frames.find((frame) => at(frame) === at(happening))?.querySelector(".typed");
    const length = calm.matches ? 0 : (answer?.dataset.whole ?? answer?.textContent ?? "").length;
    let typed = 0;
    function key() {
      typed += Math.max(1, Math.round(length / 24));
      if (typed >= length) {
        show(next);
        timer = setTimeout(tick, pauseAfter);
      } else {
        show(next, typed);
        timer = setTimeout(key, 45);
      }
    }
    key();
  }

  function play() {
    if (timer) return pause();
    if (now >= happenings.length - 1) show(0);
    byId("play").textContent = "Pause";
    timer = setTimeout(tick, 300);
  }

  function go(number) {
    pause();
    show(number);
  }

  byId("play").addEventListener("click", play);
  byId("back").addEventListener("click", () => go(now - 1));
  byId("step").addEventListener("click", () => go(now + 1));
  position.addEventListener("input", () => go(Number(position.value)));
  for (const row of rows) {
    row.addEventListener("click", () => go(happenings.findIndex((happening) => at(happening) === at(row))));
  }
  const anywhere = { ArrowLeft: () => go(now - 1), ArrowRight: () => go(now + 1) };
  const inside = { ...anywhere, " ": play, Home: () => go(0), End: () => go(happenings.length - 1) };
  document.addEventListener("keydown", (event) => {
    const keys = event.target.closest("#player, #diagram") ? inside : anywhere;
    const own = event.target.closest("input, .scroll") || (event.key === " " && event.target.closest("button"));
    if (event.altKey || event.ctrlKey || event.metaKey || own || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const part of player.querySelectorAll("[hidden]:not(.frame)")) part.hidden = false;
  byId("caption").textContent = "Play, or step through what happened.";

  // For another page that has this one in a frame: `?only=terminal&play`.
  const wishes = new URLSearchParams(location.search);
  document.body.classList.toggle("alone", wishes.get("only") === "terminal");
  if (wishes.has("play") && !calm.matches) play();
}

if (byId("filter")) filterStories(byId("filter"));
if (byId("player")) playStory(byId("player"));
