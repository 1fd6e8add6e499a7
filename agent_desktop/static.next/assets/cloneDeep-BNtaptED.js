import{b as o}from"./omit-Bek6sP_j.js";var r=1,n=4;function a(e){return o(e,r|n)}export{a as c};
