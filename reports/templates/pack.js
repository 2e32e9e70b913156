// Makes the charts answer to pointer and keys. The drawings under them stay for print and for pages without script.
const phone = matchMedia("(max-width: 40rem)");
const nowhere = { load: () => Promise.reject(new Error("nothing is loaded")), sanitize: () => Promise.reject(new Error("nothing is linked")) };

const come_alive = async figure => {
  const content = JSON.parse(figure.querySelector("script").textContent);
  const [live, tip, heard] = ["live", "tip", "heard"].map(name => figure.querySelector(`.${name}`));
  let view = null, chosen = -1, chosen_by_key = false;

  const strip = at => live.querySelectorAll(".strips_marks > path")[at];
  const choose = (at, by_key = false) => {
    if (at === chosen) return;
    [chosen, chosen_by_key] = [at, by_key];
    view.signal("chosen", at).run();
    tip.textContent = at < 0 ? "" : content.readings[at];
    if (by_key) heard.textContent = tip.textContent;
    if (at >= 0) place(strip(at).getBoundingClientRect());
  };
  const place = over => {
    const card = figure.getBoundingClientRect();
    const lies = over.width > over.height;
    const left = lies ? card.width : (over.left + over.right - tip.offsetWidth) / 2 - card.left;
    tip.style.left = `${Math.min(Math.max(left, 6), card.width - tip.offsetWidth - 6)}px`;
    tip.style.top = `${(lies ? (over.top + over.bottom - tip.offsetHeight) / 2 : over.bottom + 4) - card.top}px`;
  };
  const draw = async () => {
    view?.finalize();
    const stage = document.createElement("div");
    stage.setAttribute("aria-hidden", "true");
    live.replaceChildren(stage);
    const options = { actions: false, ast: true, defaultStyle: false, hover: false, loader: nowhere, renderer: "svg", tooltip: false };
    ({ view } = await vegaEmbed(stage, phone.matches ? content.narrow : content.wide, options));
    view.addEventListener("pointermove", (_, item) => { if (item?.datum?.at >= 0) choose(item.datum.at); });
  };
  const last = content.readings.length - 1;
  const steps = { ArrowRight: at => at + 1, ArrowDown: at => at + 1, ArrowLeft: at => at - 1, ArrowUp: at => at - 1, Home: () => 0, End: () => last };

  await draw();
  figure.classList.add("alive");
  phone.addEventListener("change", () => { choose(-1); draw(); });
  live.addEventListener("keydown", event => {
    if (event.key === "Escape") choose(-1, true);
    if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = chosen < 0 && event.key !== "End" ? 0 : steps[event.key](chosen);
    choose(Math.min(Math.max(to, 0), last), true);
  });
  live.addEventListener("blur", () => choose(-1, true));
  figure.addEventListener("pointerleave", () => { if (!chosen_by_key) choose(-1); });
  document.addEventListener("keydown", event => { if (event.key === "Escape") choose(-1); });
};

for (const figure of document.querySelectorAll("figure[data-chart]")) come_alive(figure);
