// The page of the progress: how much a reader has done, a file to save it in or to bring it back
// from, and an end to it.
import { exported, forget, imported } from "./memory.js";
import { done, links, make, page, tick } from "./ticks.js";

function show(place) {
  const list = make("ul"), said = make("p", { role: "status" });
  const file = make("input", { type: "file", accept: ".json,application/json", hidden: true, ariaLabel: "a file of your progress" });
  const button = (textContent, press) => make("button", { type: "button", textContent, onclick: press });
  const tell = (words) => {
    const found = done(), pages = links.filter((link) => found[page(link)]);
    const rest = Object.keys(found).filter((name) => !links.some((link) => page(link) === name));
    list.replaceChildren(...pages.map((link) => {
      const title = link.cloneNode(true);
      title.querySelector(".done")?.remove();
      return make("li", {}, make("a", { href: link.href, textContent: title.textContent }), `: ${found[page(link)]}`);
    }), ...rest.map((name) => make("li", { textContent: `${name.replaceAll("-", " ")}: ${found[name]}` })));
    if (!list.children.length) list.append(make("li", { textContent: "Nothing yet." }));
    said.textContent = words;
    tick();
  };
  const save = () => {
    const address = URL.createObjectURL(new Blob([exported()], { type: "application/json" }));
    make("a", { href: address, download: "progress.json" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    said.textContent = "Saved as progress.json.";
  };
  file.onchange = async () => {
    if (!file.files.length) return;
    const wrong = file.files[0].size > 400_000 ? "This file is too large, so nothing was changed." : imported(await file.files[0].text());
    file.value = "";
    tell(wrong || "Brought back from the file.");
  };
  const remove = button("delete all", () => {
    const isMeant = remove.textContent !== "delete all";
    remove.textContent = isMeant ? "delete all" : "really delete all?";
    said.textContent = isMeant ? "" : "Press once more to delete all. Leave the button to keep it.";
    if (!isMeant) return;
    forget();
    tell("All is deleted.");
  });
  remove.onblur = remove.onmouseleave = () => {
    if (remove.textContent === "delete all") return;
    remove.textContent = "delete all";
    said.textContent = "Nothing is deleted.";
  };
  place.append(list, make("p", { className: "progress-ways" }, button("save to a file", save),
    button("open a file", () => file.click()), remove, file), said);
  tell("");
}

show(document.querySelector("#progress"));
