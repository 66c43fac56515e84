// Draws each <figure data-chart="bar|line"> from the table inside it and folds the table away. Colours come from the theme's own variables.
(() => {
  const root = document.documentElement;
  const drawn = new Map();

  // A variable may hold light-dark(…): only a real element says which colour that is now.
  const colour = (name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };

  const read = (table) => {
    const rows = [...table.tBodies[0].rows];
    const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
    return {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      series: names.map((name, place) => {
        const cells = rows.map((row) => row.cells[place + 1]);
        return { name, values: cells.map((cell) => Number(cell.dataset.value)), words: cells.map((cell) => cell.textContent.trim()) };
      }),
    };
  };

  const draw = (figure) => {
    const kind = figure.dataset.chart;
    const box = figure.querySelector(".chart");
    const table = figure.querySelector("table");
    const { labels, series } = read(table);
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", table.caption.textContent.trim());
    box.replaceChildren(canvas);
    const ink = colour("--tblr-secondary");
    const line = colour("--line");
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const compact = new Intl.NumberFormat(root.lang, { notation: "compact" });
    Chart.defaults.color = ink;
    Chart.defaults.font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
    return new Chart(canvas, {
      type: kind,
      data: {
        labels,
        datasets: series.map(({ name, values, words }, place) => {
          const own = colour(`--c${place + 1}`);
          return { label: name, data: values, words, backgroundColor: own, borderColor: own, borderWidth: kind === "line" ? 2 : 0, pointRadius: kind === "line" ? 2 : 0, maxBarThickness: 28 };
        }),
      },
      options: {
        animation: still ? false : { duration: 200 },
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        plugins: { legend: { display: false }, tooltip: { callbacks: { label: (item) => `${item.dataset.label} ${item.dataset.words[item.dataIndex]}` } } },
        scales: {
          x: { grid: { display: false }, border: { color: line } },
          y: { beginAtZero: kind === "bar", grid: { color: line }, border: { display: false }, ticks: { maxTicksLimit: 5, callback: (value) => compact.format(value) } },
        },
      },
    });
  };

  const drawAll = () => document.querySelectorAll("figure[data-chart]").forEach((figure) => {
    drawn.get(figure)?.destroy();
    drawn.set(figure, draw(figure));
  });
  const first = () => {
    drawAll();
    document.querySelectorAll("figure[data-chart] details").forEach((details) => { details.open = false; });
    new MutationObserver(drawAll).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
  };
  document.fonts.ready.then(first);
})();
