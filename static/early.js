// Before the first paint: the theme that a link asks for, and no poster of the first scenario
// where the link names another. An own file: the policy forbids inline scripts.
{
  const theme = /[#&]theme=(light|dark)/.exec(location.hash);
  if (theme) document.documentElement.dataset.theme = theme[1];
  if (/[#&](?!v=|theme=)\w/.test(location.hash) && !/[#&]scenario=page-ten-images(&v=1)?$/.test(location.hash)) document.documentElement.dataset.elsewhere = "";
}
