// Draws the month's swipes beside its places; the table below says the same.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("chart");
  const told = JSON.parse(place.dataset.month);
  const style = getComputedStyle(document.documentElement);
  place.hidden = document.querySelector(".legend").hidden = false;
  place.style.height = `${Math.max(12, 5 + 2.6 * told.titles.length)}rem`;
  const size = parseFloat(style.fontSize);
  const chart = echarts.init(place);
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size * 0.9 },
    color: ["#9c1c22", "#c9ced6"],
    grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "value", splitLine: { lineStyle: { color: "#e6e9ed" } } },
    yAxis: { type: "category", data: told.titles, inverse: true, axisTick: { show: false }, axisLabel: { width: Math.min(320, place.clientWidth * 0.4), overflow: "truncate", fontSize: size * 0.9 } },
    series: [
      { name: told.words.swipes, type: "bar", data: told.swipes, label: { show: true, position: "right" } },
      { name: told.words.places, type: "bar", data: told.places },
    ],
  });
  window.addEventListener("resize", () => chart.resize());
});
