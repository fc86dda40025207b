// Makes modules of the texts in the page, each after those that it imports.
const made = {};
for (const { dataset, textContent } of document.querySelectorAll("script[data-module]")) {
  const linked = textContent.replace(/ from "\.\/([\w./-]+)"/g, (_, name) => ` from "${made[name]}"`);
  made[dataset.module] = URL.createObjectURL(new Blob([linked], { type: "text/javascript" }));
}
import(made["main.js"]);
