// Takes a part of another page of ours into this one. Its markup was escaped where it was made,
// and parsed this way no script in it runs.

export async function partOf(address, id) {
  const answer = await fetch(address);
  if (answer.status >= 500) throw new Error(`the server answered ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.getElementById(id);
  if (!part) throw new Error("the answer is another page");
  return { part: document.adoptNode(part), title: page.title, address: answer.url };
}
