#include "training/core/report_style.h"

namespace training {

// On paper nothing is smaller than 8.5 pt, and the two sheets hold the student's part alone.
const char* const kReportStyle = R"css(
:root{--ink:#1c2731;--soft:#4f5d69;--line:#dde3e8;--paper:#fff;--wash:#f4f7f8;--teal:#0f626c;--teal-light:#d6eae8;
--amber:#835300;--amber-light:#fbf1dc;--red:#9c2a23;--red-light:#f9e3df}
*{box-sizing:border-box}
html{background:#e9edf0}
body{margin:0 auto;max-width:1000px;background:var(--paper);color:var(--ink);padding:44px 52px 40px;
font:15px/1.5 Inter,"Noto Sans","Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;
-webkit-print-color-adjust:exact;print-color-adjust:exact}
h1{font-size:28px;line-height:1.2;font-weight:650;letter-spacing:-.012em;margin:2px 0 4px}
h2{font-size:18px;font-weight:650;margin:30px 0 8px}
h3{font-size:15px;font-weight:650;margin:26px 0 6px}
h4{font-size:14px;font-weight:600;margin:14px 0 2px}
p{margin:4px 0}ul{margin:4px 0;padding-left:18px}
.brand{color:var(--teal);font-weight:650;margin:0}
.lead,.note{color:var(--soft)}.note{font-size:14px}
.paper{display:none}
.top{display:flex;gap:32px;align-items:flex-start;justify-content:space-between}
.who{flex:1;min-width:0}
.total{flex:none;width:216px;border:1px solid var(--line);border-radius:12px;padding:16px 18px;text-align:center}
.total .figure{font-size:44px;line-height:1.05;font-weight:680;letter-spacing:-.03em}
.total .of{display:block;color:var(--soft);font-size:15px;font-weight:500;letter-spacing:0;line-height:1.3}
.total .bar{height:6px;border-radius:3px;background:var(--line);margin:10px 0 6px;position:relative}
.total .fill{height:6px;border-radius:3px;background:var(--teal)}
.total .mark{position:absolute;top:-3px;width:2px;height:12px;background:var(--ink)}
.pill{display:inline-block;border-radius:99px;padding:3px 16px;font-weight:650;margin-top:8px}
.pill.pass{background:var(--teal-light);color:#0a474e}.pill.fail{background:var(--red-light);color:#7d211b}
dl{margin:0}dd{margin:0;overflow-wrap:anywhere}dt{color:var(--soft)}
dl.facts{display:grid;grid-template-columns:repeat(4,1fr);gap:10px 22px;margin:16px 0 0;font-size:14px}
dl.facts div{min-width:0}dl.facts dt{font-size:13px}
.verdict-list{list-style:none;border-left:4px solid var(--red);background:#fcf1ef;padding:9px 16px;margin:18px 0 0}
.verdict-list.pass{border-color:var(--teal);background:#eef6f5}
table{border-collapse:collapse;width:100%;font-size:14px}
thead th{color:var(--soft);font-weight:500;font-size:13px;vertical-align:bottom;padding:4px 10px 5px 0}
th{text-align:left}tbody th{font-weight:600}
td,tbody th{border-top:1px solid var(--line);vertical-align:middle;padding:6px 10px 6px 0}
th.n,td.n{text-align:right;white-space:nowrap}
td:last-child,th:last-child{padding-right:0}
.criteria .n{padding-right:16px}
.value,.points{font-weight:600}.unit{color:var(--soft);font-weight:400}.aim{color:var(--soft)}
.rest td{color:var(--soft)}
.verdict{white-space:nowrap;font-weight:600}
.verdict:before{content:"";display:inline-block;width:8px;height:8px;border-radius:4px;margin-right:6px;background:currentColor}
.verdict.target{color:var(--teal)}.verdict.warning{color:var(--amber)}.verdict.beyond,.verdict.critical{color:var(--red)}
.verdict.warning:before{border-radius:1px;transform:rotate(45deg)}.verdict.beyond:before{border-radius:0}
.verdict.critical:before{border-radius:0;width:0;height:0;background:none;border:5px solid transparent;border-bottom:8px solid;border-top:0}
.verdict.not_assessed{color:var(--soft)}
.tag{display:inline-block;border:1px solid #b9c4cc;border-radius:4px;padding:0 5px;font-size:12px;color:var(--soft);line-height:1.35}
.faces{display:grid;grid-template-columns:repeat(5,1fr);gap:10px}
figure{margin:0}figure img{width:100%;display:block;border-radius:8px;background:var(--wash)}
figcaption{font-size:13px;color:var(--soft);margin-top:3px;text-align:center}
.legend .keys{display:flex;gap:22px;font-size:13px;color:var(--soft);margin:8px 0 4px}
.legend i{display:inline-block;width:44px;height:11px;border-radius:3px;border:1px solid #444;margin-right:7px;vertical-align:-1px}
.faults{list-style:none;padding:0;display:grid;grid-template-columns:1fr 1fr;gap:20px 28px;margin:8px 0}
.fault{display:flex;gap:14px;align-items:flex-start;break-inside:avoid;min-width:0}
.fault>div{min-width:0;flex:1}
.fault img{width:104px;flex:none;border-radius:8px;background:var(--wash)}
.fault h3{margin:0 4px 0 0;display:inline}.fault p{margin:2px 0;font-size:14px}
.fault .advice{background:#eef6f5;border-radius:6px;padding:5px 9px;margin-top:5px}
.zones td,.zones th,.strokes td,.strokes th{padding-top:4px;padding-bottom:4px}
.zones .other{color:var(--soft)}.zones .other th{font-weight:400}.zones .danger{color:var(--red)}
.caution{border-left:4px solid #b97a10;background:var(--amber-light);padding:10px 16px;margin:26px 0 0}
.caution h2{margin:0 0 4px;font-size:15px}
code{font:13px ui-monospace,"Noto Sans Mono","DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
details{margin-top:26px}summary{cursor:pointer;font-weight:650;color:var(--teal);padding:8px 0;min-height:24px}
summary:focus-visible{outline:3px solid var(--teal);outline-offset:2px}
details.instructor{border-top:1px solid var(--line);padding-top:10px}
.rules td{vertical-align:top}.rules tbody th{vertical-align:top;width:22%}.rules td:nth-child(2){width:42%}.rules ul{font-size:13px}
.tags{display:grid;grid-template-columns:auto 1fr;gap:4px 12px;color:var(--soft);margin-top:10px;font-size:14px}
.columns{columns:2;column-gap:28px}.columns h4{break-after:avoid}.moments{font-size:14px}.moments li{break-inside:avoid}
.views{display:grid;grid-template-columns:1fr 1fr;gap:12px}
.small{display:grid;grid-template-columns:repeat(4,1fr);gap:14px 18px}.small figcaption{text-align:left;color:var(--ink)}
.small figcaption span{color:var(--soft)}
.hashes{display:grid;grid-template-columns:auto 1fr;gap:3px 14px}
svg{display:block}svg.long{width:100%;height:auto}svg.band{width:132px;height:18px}svg.histogram{width:100%;height:auto}
svg text{font-family:inherit}.tick{font-size:10.5px;fill:#4f5d69}.row{font-size:11px;fill:#1c2731}
.grid{stroke:#e6ebee;stroke-width:1}.axis{stroke:#9aa6ae;stroke-width:1}
.track{fill:#e6ebee}.warn{fill:#f1d9a2}svg .target{fill:#d3eae6}svg.band .target{fill:#86c4bc}
.tone-target{fill:#0b4a52}.tone-warning{fill:#835300}.tone-beyond,.tone-critical{fill:#9c2a23}.tone-not_assessed{fill:#6d7982}
.range{fill:#7f9fb0;fill-opacity:.36}.range-line{stroke:#7fa9b5;stroke-opacity:.5}.mean{fill:none;stroke:#14505f;stroke-width:1.2}
.dot{fill:#14505f}svg .bar{fill:#3c8a96}.mean-mark{stroke:#1c2731;stroke-width:1.4}
@media screen and (max-width:860px){body{padding:24px 18px}.top{display:block}.total{width:auto;margin-top:16px}
dl.facts{grid-template-columns:1fr 1fr}.small,.faces,.views{grid-template-columns:1fr 1fr}.faults{grid-template-columns:1fr}
.columns{columns:1}.wide{overflow-x:auto}}
.wide:focus-visible{outline:3px solid var(--teal)}
@page{size:A4;margin:11mm 12mm}
@media print{html{background:none}body{max-width:none;padding:0;font-size:8.6pt;line-height:1.3}
.screen,.instructor,.notes{display:none!important}.paper{display:block}.second{break-before:page}
h1{font-size:16pt;margin:0 0 1mm}h2{font-size:10.5pt;margin:3mm 0 1mm;break-after:avoid}h3{font-size:8.8pt}
p{margin:.4mm 0}.top{gap:7mm}.total{width:44mm;padding:3mm 4mm}.total .figure{font-size:25pt}.total .of{font-size:8.6pt}
.pill{margin-top:1.2mm;padding:.4mm 4mm}
dl.facts{gap:1.6mm 5mm;margin-top:2.5mm}dl.facts,dl.facts dt,.note,table,thead th,figcaption,.legend .keys,.fault p,code,.tag{font-size:8.5pt}
.verdict-list{padding:1.4mm 3mm;margin-top:3mm;border-width:1mm}
td,tbody th{padding:.55mm 2mm .55mm 0}thead th{padding:0 2mm .6mm 0}.criteria{line-height:1.18}.criteria .n{padding-right:2.6mm}
tr{break-inside:avoid}svg.band{width:25mm;height:3.4mm}
.faces{gap:2.5mm}.faces img{border-radius:1.5mm}.legend .keys{margin:1.5mm 0 0;gap:6mm}
.second>section:first-child h2{margin-top:0}.faults{gap:2.2mm 6mm;margin:1mm 0}.fault{gap:3mm}.fault img{width:19mm;border-radius:1.5mm}.fault p{margin:.2mm 0}.fault .advice{padding:.5mm 2mm;margin-top:.6mm}
.zones{line-height:1.15}.zones tbody th{white-space:nowrap}.zones thead th{white-space:normal}.zones td,.zones tbody th{padding-top:.25mm;padding-bottom:.25mm}
.caution{padding:1.6mm 3mm;margin-top:3mm;border-width:1mm}.caution h2{font-size:8.8pt;margin:0 0 .5mm}}
)css";

}  // namespace training
