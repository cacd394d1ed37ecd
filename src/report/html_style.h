// SPDX-License-Identifier: Apache-2.0
// The looks of the HTML report: one style sheet and the pictures of the outcomes. Light, dark, narrow and printed; every
// state is a word and a shape before it is a colour.
#pragma once

#include <string_view>

namespace weir {

inline constexpr std::string_view kHtmlStyle = R"css(
:root{color-scheme:light dark;--bg:#f6f7f8;--card:#fff;--ink:#1b1f24;--soft:#59636e;--line:#dfe3e8;--code:#f1f3f5;
--fail:#b3261e;--fail-bg:#fdeceb;--warn:#8a5200;--warn-bg:#fff3d9;--pass:#17703f;--pass-bg:#e4f4ea;--none:#59636e;--none-bg:#eceff2;
--doubt:#6941a5;--doubt-bg:#f1eafb;--err:#96186b;--err-bg:#fbe8f4;--track:#e8ebee}
@media (prefers-color-scheme:dark){:root{--bg:#101317;--card:#181c21;--ink:#e6e9ed;--soft:#9aa5b1;--line:#2b323a;--code:#20262d;
--fail:#ff8f85;--fail-bg:#3b1b1a;--warn:#f2bd55;--warn-bg:#36290f;--pass:#6fd19a;--pass-bg:#143122;--none:#9aa5b1;--none-bg:#252b32;
--doubt:#c3a6f5;--doubt-bg:#2a2040;--err:#ff93d2;--err-bg:#3a1630;--track:#2b323a}}
html{scroll-behavior:smooth}@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main,footer{max-width:66rem;margin:0 auto;padding:0 1.25rem}
code,.mono{font:.875em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
code{background:var(--code);border-radius:4px;padding:.1em .35em;white-space:pre-wrap}
a{color:inherit}
:focus-visible{outline:2px solid var(--doubt);outline-offset:2px}
h1{font-size:1.75rem;line-height:1.25;margin:.75rem 0 .35rem;letter-spacing:-.01em}
h2{font-size:1.125rem;margin:2.25rem 0 .75rem}
h2 .n{color:var(--soft);font-weight:400}
h3{font-size:1rem;margin:0;min-width:0}
p{margin:.35rem 0}
svg.i{width:1em;height:1em;flex:none;vertical-align:-.125em}
.soft{color:var(--soft)}
.card,header{background:var(--card);border:1px solid var(--line);border-radius:10px}
header{margin-top:1.5rem;padding:1.5rem 1.5rem 1.25rem;border-top:5px solid var(--none)}
header.fail{border-top-color:var(--fail)}header.error{border-top-color:var(--err)}header.warn{border-top-color:var(--warn)}header.pass{border-top-color:var(--pass)}
.word{display:inline-flex;align-items:baseline;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;gap:.4em;border-radius:99px;padding:.1em .65em .1em .5em;font-weight:650;font-size:.8125rem;white-space:nowrap;color:var(--none);background:var(--none-bg)}
.word svg{align-self:center}
.word.fail{color:var(--fail);background:var(--fail-bg)}.word.error{color:var(--err);background:var(--err-bg)}.word.warn{color:var(--warn);background:var(--warn-bg)}
.word.pass{color:var(--pass);background:var(--pass-bg)}.word.inconclusive{color:var(--doubt);background:var(--doubt-bg)}
header>.word{font-size:1rem;padding:.25em .9em .25em .7em}
.facts{display:flex;flex-wrap:wrap;gap:.85rem 2.25rem;margin:1.1rem 0 0}
.facts dt{color:var(--soft);font-size:.8125rem}
.facts dd{margin:0;font-size:1.125rem;font-weight:600;font-variant-numeric:tabular-nums}
.strip{display:flex;gap:2px;height:10px;margin:1.25rem 0 .6rem;border-radius:5px;overflow:hidden}
.strip i{min-width:6px;background:var(--none)}
.strip .fail{background:var(--fail)}.strip .error{background:var(--err)}.strip .warn{background:var(--warn)}.strip .pass{background:var(--pass)}.strip .inconclusive{background:var(--doubt)}
.legend{display:flex;flex-wrap:wrap;gap:.4rem .6rem;list-style:none;margin:0;padding:0}
.note{border-left:4px solid var(--warn);background:var(--warn-bg);padding:.6rem .9rem;border-radius:0 8px 8px 0;margin:.75rem 0 0;overflow-wrap:anywhere}
.note svg{color:var(--warn);margin-right:.3em}
article{padding:1rem 1.25rem 1.1rem;margin:0 0 .85rem;break-inside:avoid}
.top{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem .75rem}
.top h3{flex:1 1 14rem;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
.count{font-variant-numeric:tabular-nums;white-space:nowrap}
.bar{display:block;width:100%;height:6px;margin:.7rem 0 .75rem;border-radius:3px;background:var(--track)}
.bar rect{fill:var(--none)}.fail .bar rect{fill:var(--fail)}.warn .bar rect{fill:var(--warn)}
.about{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:0;font-size:.9375rem}
.about div{display:flex;gap:.45rem;min-width:0}
.about dt{color:var(--soft)}.about dd{margin:0;min-width:0;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse;font-size:.9375rem}
th{text-align:left;color:var(--soft);font-weight:500;font-size:.8125rem;white-space:nowrap}
th,td{padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:baseline;overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
tr:last-child td{border-bottom:0}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th.num{text-align:right}
article table{margin-top:.75rem;border-top:1px solid var(--line)}
details{margin-top:.6rem}summary{cursor:pointer;color:var(--soft);font-size:.9375rem}
article table{table-layout:fixed}
table+p,details+p{margin:.6rem 0 0;font-size:.9375rem}
article th:first-child{width:20%}article th:nth-child(2){width:30%}
.sheet{padding:.5rem 1.25rem}
.sheet td:first-child{width:8.5rem}
nav ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:.15rem 2rem;list-style:none;margin:0;padding:.85rem 1.25rem}
nav li{display:flex;align-items:baseline;gap:.5rem;min-width:0}nav svg.i{align-self:center}nav .fail{color:var(--fail)}nav .warn{color:var(--warn)}nav .error{color:var(--err)}
nav a{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;color:var(--ink);text-decoration-color:var(--line)}
footer{color:var(--soft);font-size:.8125rem;padding-top:1.5rem;padding-bottom:2.5rem;overflow-wrap:anywhere}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.4rem .8rem;z-index:1}
@media (max-width:44rem){main,footer{padding:0 .75rem}header{margin-top:.75rem;padding:1.1rem 1rem}h1{font-size:1.375rem}article,.sheet{padding-left:1rem;padding-right:1rem}
table,tbody,tr,td{display:block;width:auto!important}thead{position:absolute;left:-99rem}
tr{padding:.5rem 0;border-bottom:1px solid var(--line)}tr:last-child{border-bottom:0}
td{border:0;padding:.1rem 0}td.num{display:inline-block;text-align:left;margin-right:1rem}td[data-l]::before{content:attr(data-l) " ";color:var(--soft);font-size:.8125rem}td:empty{display:none}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--code:#fff;--fail:#a00;--fail-bg:#fff;--warn:#730;--warn-bg:#fff;--pass:#050;--pass-bg:#fff;--none:#444;--none-bg:#fff;--doubt:#408;--doubt-bg:#fff;--err:#806;--err-bg:#fff;--track:#ddd}
body{font-size:11pt}main,footer{max-width:none;padding:0}.word{border:1px solid}.strip,.bar{print-color-adjust:exact;-webkit-print-color-adjust:exact}h2{break-after:avoid}tr{break-inside:avoid}.skip{display:none}}
)css";

inline constexpr std::string_view kHtmlPictures =
    R"svg(<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
<symbol id="i-pass" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M4.6 8.3l2.3 2.3 4.6-5" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></symbol>
<symbol id="i-fail" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="currentColor"/><path d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" stroke="var(--card)" stroke-width="1.8" stroke-linecap="round"/></symbol>
<symbol id="i-warn" viewBox="0 0 16 16"><path d="M8 1.2L15.4 14.4H.6z" fill="currentColor" stroke="currentColor" stroke-width="1" stroke-linejoin="round"/><path d="M8 5.6v4.2M8 12.1v.2" stroke="var(--card)" stroke-width="1.7" stroke-linecap="round"/></symbol>
<symbol id="i-no_data" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.6 1.8"/><path d="M5 8h6" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/></symbol>
<symbol id="i-inconclusive" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M6 6.3c0-2.5 4-2.4 4-.2 0 1.5-2 1.6-2 3M8 11.7v.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/></symbol>
<symbol id="i-error" viewBox="0 0 16 16"><path d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z" fill="currentColor"/><path d="M8 4.4v4.4M8 11.4v.2" stroke="var(--card)" stroke-width="1.8" stroke-linecap="round"/></symbol>
</defs></svg>
)svg";

}  // namespace weir
