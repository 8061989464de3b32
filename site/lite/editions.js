// What JupyterLite leaves out. A copy that its reader has changed is kept in the browser and hides
// the site's own notebook for good: so say when that is newer, and offer it beside the copy. And a
// reload comes back to the notebook that was open.
const told = new Set();

const ask = async (path) => {
  const answer = await fetch(new URL(`../${path}`, location), { cache: "no-cache" });
  return answer.json();
};

// The site's edition of a notebook, or nothing if it has none of that name or cannot be reached.
const served = async (path) => {
  try {
    const { content } = await ask("api/contents/all.json");
    if (!content.some((file) => file.path === path)) return undefined;
    return (await ask(`files/${encodeURI(path)}`)).metadata.edition;
  } catch {
    return undefined;
  }
};

// A name for the reader's copy that no file has yet.
const spare = async (contents, path) => {
  const { content } = await contents.get("");
  const taken = new Set(content.map((file) => file.name));
  const name = path.replace(/\.ipynb$/, "-earlier");
  let number = 1;
  while (taken.has(`${name}${number > 1 ? `-${number}` : ""}.ipynb`)) number += 1;
  return `${name}${number > 1 ? `-${number}` : ""}.ipynb`;
};

const watch = (app) => {
  app.commands.addCommand("em-notebooks:newer-edition", {
    label: "Open the newer edition of this notebook beside one's own",
    execute: async ({ path }) => {
      for (const widget of app.shell.widgets("main")) {
        if (widget.context?.path === path) await widget.context.save();
      }
      const { contents } = app.serviceManager;
      await contents.rename(path, await spare(contents, path));
      await app.commands.execute("docmanager:open", { path });
    },
  });
  const look = async () => {
    const context = app.shell.currentWidget?.context;
    if (!context?.path.endsWith(".ipynb")) return;
    await context.ready;
    const { path } = context;
    const address = new URL(location);
    address.searchParams.set("path", path);
    history.replaceState(history.state, "", address);
    if (told.has(path)) return;
    told.add(path);
    const newest = await served(path);
    if (!newest || newest === context.model.getMetadata("edition")) return;
    app.commands.execute("apputils:notify", {
      message: "There is a newer edition of this notebook. Yours is kept as it is.",
      type: "info",
      options: {
        autoClose: false,
        actions: [
          {
            label: "Open the newer one",
            caption: "Your own gets a name that ends in -earlier, and stays in the list of files",
            commandId: "em-notebooks:newer-edition",
            args: { path },
          },
        ],
      },
    });
  };
  app.shell.currentChanged?.connect(look);
  app.restored.then(look);
};

const waiting = setInterval(() => {
  if (!window.jupyterapp?.shell) return;
  clearInterval(waiting);
  watch(window.jupyterapp);
}, 100);
