const r={returned:"ochre",overdue:"vermilion",not_accepted:"ochre",terminated:"ochre"};function t(e,o){return r[e]??(o?"indigo":"")}export{t as s};
