#include "training/core/report_style.h"

namespace training {

const char* const kReportStyle = R"css(
:root{--ink:#1c2731;--soft:#5c6a76;--faint:#8b97a1;--line:#e2e7eb;--paper:#fff;--wash:#f5f7f8;
--teal:#15707a;--teal-light:#cfe6e4;--green:#2b7a5b;--amber:#b97a10;--amber-light:#f6e7c8;--red:#a8322a;--red-light:#f5dcd8}
*{box-sizing:border-box}
html{background:#eceff1}
body{margin:0 auto;max-width:960px;background:var(--paper);color:var(--ink);padding:44px 52px 36px;
font:14px/1.5 Inter,"Noto Sans","Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;
-webkit-print-color-adjust:exact;print-color-adjust:exact}
h1{font-size:27px;line-height:1.2;font-weight:650;letter-spacing:-.012em;margin:2px 0 4px}
h2{font-size:16px;font-weight:650;margin:38px 0 10px;padding-bottom:6px;border-bottom:1px solid var(--line)}
h3{font-size:13px;font-weight:600;margin:18px 0 4px}
p{margin:6px 0}
.brand{color:var(--teal);font-weight:650;letter-spacing:.04em;font-size:12px;text-transform:uppercase}
.lead{color:var(--soft);max-width:66ch}
.note{color:var(--soft);font-size:12.5px}
.top{display:flex;gap:32px;align-items:flex-start;justify-content:space-between}
.total{flex:none;width:212px;border:1px solid var(--line);border-radius:12px;padding:16px 18px 14px;text-align:center}
.total .figure{font-size:48px;line-height:1.05;font-weight:680;letter-spacing:-.03em}
.total .of{color:var(--faint);font-size:16px;font-weight:500;letter-spacing:0}
.total .bar{height:6px;border-radius:3px;background:var(--line);margin:10px 0 4px;position:relative}
.total .fill{height:6px;border-radius:3px;background:var(--teal)}
.total .mark{position:absolute;top:-3px;width:2px;height:12px;background:var(--ink)}
.pill{display:inline-block;border-radius:99px;padding:2px 12px;font-size:12px;font-weight:650;margin-top:8px}
.pill.pass{background:var(--teal-light);color:#0d4f56}.pill.fail{background:var(--red-light);color:#7d211b}
.caution{border-left:3px solid var(--amber);background:#fcf7ec;padding:9px 14px;margin:20px 0 0;font-size:13px}
.critical-list{border-left:3px solid var(--red);background:#fbf0ee;padding:9px 14px;margin:12px 0 0;font-size:13px}
.critical-list ul{margin:2px 0;padding-left:18px}
dl.facts{display:grid;grid-template-columns:repeat(3,1fr);gap:12px 26px;margin:20px 0 0}
dl.facts div{min-width:0}dt{color:var(--faint);font-size:11.5px}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:13px}
th{color:var(--faint);font-weight:500;font-size:11.5px;text-align:left;vertical-align:bottom;padding:4px 8px 6px 0}
td{border-top:1px solid var(--line);vertical-align:top;padding:9px 8px 9px 0}
th.n,td.n{text-align:right;white-space:nowrap}
.criteria td:first-child{width:46%;padding-right:22px}.criteria th.n,.criteria td.n{padding-right:18px}
td:last-child,th:last-child{padding-right:0}
.name{font-weight:600}.what{color:var(--soft);font-size:12px;line-height:1.42}
.where{font-size:12px;line-height:1.42;margin-top:3px}
.value{font-weight:600;white-space:nowrap}.unit{color:var(--soft);font-weight:400}
.verdict{white-space:nowrap;font-weight:600;font-size:12px}
.verdict:before{content:"";display:inline-block;width:8px;height:8px;border-radius:4px;margin-right:6px;background:currentColor}
.verdict.target{color:var(--teal)}.verdict.warning{color:var(--amber)}.verdict.beyond,.verdict.critical{color:var(--red)}
.verdict.warning:before{border-radius:1px;transform:rotate(45deg)}
.verdict.beyond:before,.verdict.critical:before{border-radius:0}.verdict.not_assessed{color:var(--faint)}
.tag{display:inline-block;border:1px solid var(--line);border-radius:4px;padding:0 5px;font-size:11px;color:var(--soft)}
.zones td{padding:6px 8px 6px 0;vertical-align:middle}.zones .other td{color:var(--faint)}.zones .danger td{color:var(--red)}
tr.sum td{border-top:1px solid var(--faint);font-weight:600}
svg{display:block}svg.long{width:100%;height:auto;margin:2px 0 0}svg.band{width:150px;height:20px}
svg.rose{width:26px;height:26px}svg.histogram{width:100%;height:auto}
svg text{font-family:inherit}.tick{font-size:10px;fill:#8b97a1}.row{font-size:11px;fill:#1c2731}
.grid{stroke:#e9edf0;stroke-width:1}.axis{stroke:#b9c2c9;stroke-width:1}
.track{fill:#edf0f2}.warn{fill:#f3dfb4}svg .target{fill:#d3eae6}svg.band .target{fill:#9fd0ca}
.tone-target{fill:#0f5e67}.tone-warning{fill:#a86a08}.tone-beyond,.tone-critical{fill:#a8322a}.tone-not_assessed{fill:#8b97a1}
.range{fill:#7f9fb0;fill-opacity:.36}.range-line{stroke:#7fa9b5;stroke-opacity:.5}.mean{fill:none;stroke:#14505f;stroke-width:1.2}
.dot{fill:#14505f}svg .bar{fill:#3c8a96}.mean-mark{stroke:#1c2731;stroke-width:1.4}
.ring{fill:none;stroke:#dfe5e9}.spoke{stroke:#15707a;stroke-width:2.2;stroke-linecap:round}
.chart{break-inside:avoid}
.small{display:grid;grid-template-columns:repeat(4,1fr);gap:14px 18px}
.small figure{margin:0;break-inside:avoid}.small figcaption{font-size:12px;margin-bottom:2px}
.small figcaption span{color:var(--faint)}
.pictures{margin-top:8px}
.strip{break-inside:avoid;margin:0 0 22px}
.strip .head{display:flex;justify-content:space-between;align-items:flex-end;gap:24px;margin-bottom:7px}
.strip h3{margin:0}.views{display:grid;grid-template-columns:repeat(3,1fr);gap:10px}
.views figure{margin:0}.views img{width:100%;display:block;border-radius:8px;background:var(--wash)}
.views figcaption{font-size:11.5px;color:var(--faint);margin-top:3px;text-align:center}
.legend{max-width:66%;font-size:11px;color:var(--soft);text-align:right}
.legend .keys{display:flex;justify-content:flex-end;gap:16px}.legend i{display:inline-block;width:44px;height:10px;border-radius:3px;
border:1px solid #444;margin-right:6px;vertical-align:-1px}
.faults{display:grid;grid-template-columns:1fr 1fr;gap:18px 26px;margin-top:10px}
.fault{display:grid;grid-template-columns:170px 1fr;gap:14px;align-items:start;break-inside:avoid}
.fault figure{margin:0}.fault img{width:100%;display:block;border-radius:8px;background:var(--wash)}
.fault h3{margin:0 0 2px}.fault .verdict{margin-left:6px}.fault p{margin:2px 0}
.fault ul{margin:2px 0;padding-left:16px;font-size:12px;line-height:1.42}
.fault code{font:10.5px ui-monospace,"Noto Sans Mono","DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.tags{display:grid;grid-template-columns:auto 1fr;gap:3px 12px;font-size:12px;color:var(--soft);margin-top:8px}
footer{margin-top:40px;border-top:1px solid var(--line);padding-top:12px;color:var(--faint);font-size:11px}
footer code{font:10.5px ui-monospace,"Noto Sans Mono","DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
footer .hashes{display:grid;grid-template-columns:70px 1fr;gap:1px 10px;margin-top:6px}
@media screen and (max-width:760px){body{padding:24px 18px}.top{display:block}.total{width:auto;margin-top:16px}
dl.facts{grid-template-columns:1fr 1fr}.small{grid-template-columns:1fr 1fr}.faults{grid-template-columns:1fr}.wide{overflow-x:auto}}
@page{size:A4;margin:14mm 13mm 15mm}
@media print{html{background:none}body{max-width:none;padding:0;font-size:11.5px}
h2{margin-top:24px;break-after:avoid}h3{break-after:avoid}table{font-size:11px}tr{break-inside:avoid}thead{display:table-header-group}
.what,.where{font-size:10px}.total .figure{font-size:40px}.zones td{padding:3px 7px 3px 0}.strip{margin-bottom:14px}
.views img{max-height:52mm;object-fit:contain}.caution{margin-top:14px}dl.facts{margin-top:14px;gap:8px 22px}td{padding:7px 8px 7px 0}}
)css";

}  // namespace training
