// SPDX-License-Identifier: Apache-2.0
// A buyer plans an event with one place; two suppliers want it; the first gives it back and the second moves up.

export async function walk(t) {
  const title = `Breakfast with buyers ${t.run}`;
  const [first, second] = t.server.signIns.filter((one) => /^supplier: /i.test(one.what));
  const year = String(new Date().getUTCFullYear() + 1);

  await t.signInAs("buyer");
  await t.visit("/officer/events");
  await t.expectHeading("Our events");
  await t.follow(/plan an event/i);
  await t.promise("the link leads to the form", async () => [new URL(t.page.url()).pathname].filter((at) => at !== "/officer/new-event"));
  await t.press(/save and publish/i);
  await t.expectError("Title", "Enter a title");
  await t.fill({
    Title: title,
    "In one sentence": "One table, one hour, good coffee.",
    "What happens there?": "Come with questions.\n\nWe bring answers.",
    Day: "14", Month: "10", Year: year,
    Starts: "8:30am", Ends: "8am",
    Where: "Engine House Hall, 22 Engine House Road",
    "How many places are there?": "1",
    "Agenda (optional)": "8:30am Coffee: in the hall\n9am Questions",
  });
  await t.press(/save and publish/i);
  await t.expectError("Ends", "must end after it starts");
  await t.fill({ Ends: "9:30am" });
  await t.press(/save and publish/i);
  await t.expectText("suppliers can book");
  await t.expectHeading(title);
  await t.expectText("0 of 1 taken");
  const place = new URL(t.page.url()).pathname.split("/").pop();
  await t.press(/sign out/i);

  // Everybody sees it.
  await t.visit(`/events?q=${encodeURIComponent(t.run)}`);
  await t.expectText("1 event");
  await t.follow(title);
  await t.expectText(`14 October ${year}, 8:30am to 9:30am UK time`);
  await t.expectText("1 place left of 1");
  await t.expectText("Coffee in the hall");
  await t.promise("the event is in the CSV and JSON lists", async () => {
    const faults = [];
    for (const list of ["/events.csv", "/events.json"]) {
      const { status, text } = await t.fetch(`${list}?q=${encodeURIComponent(t.run)}`);
      if (status !== 200 || !text.includes(title)) faults.push(`${list} answered ${status} without it`);
    }
    return faults;
  });
  await t.visit("/events?q=nothing-is-called-like-this");
  await t.expectText("No event fits");
  await t.visit("/events?when=past");
  await t.expectHeading("Events");

  // The first supplier gets the place.
  await t.signIn(first);
  await t.visit(`/events/${place}/book`);
  await t.fill({ "Do you have access or food needs? (optional)": "Step-free way in" });
  await t.press(/book my place/i);
  await t.expectText("Your place is booked");
  await t.expectText("You have a place");
  await t.promise("a letter with all the facts arrives", async () => {
    const letter = await t.server.letter(first.email, new RegExp(`Your place is booked: ${title}`));
    return ["Engine House Hall", `14 October ${year}`, "Step-free way in"].filter((fact) => !letter.text.includes(fact));
  });
  await t.press(/sign out/i);

  // The second one waits.
  await t.signIn(second);
  await t.visit(`/events/${place}`);
  await t.expectText("All places are taken (1)");
  await t.follow(/join the waiting list/i);
  await t.press(/join the waiting list/i);
  await t.expectText("You are on the waiting list");
  await t.expectText("Waiting list, number 1");
  await t.press(/sign out/i);

  // The first gives the place back, the second has it.
  await t.signIn(first);
  await t.visit("/account/events");
  await t.press(new RegExp(`give my place back for ${title}`, "i"));
  await t.expectText("Your place is given back");
  await t.promise("a place cannot be given back without the form's secret", async () => {
    const answer = await t.context.request.post(new URL(`/account/events/${place}/cancel`, t.server.origin).href, { form: { csrf: "guessed" } });
    return answer.status() === 403 ? [] : [`it answered ${answer.status()}`];
  });
  await t.press(/sign out/i);
  await t.promise("the second supplier is told that the place is theirs", async () => {
    await t.server.letter(second.email, new RegExp(`A place is yours: ${title}`));
    return [];
  });

  // The buyer sees who comes, and cancels.
  await t.signInAs("buyer");
  await t.visit(`/officer/events/${place}`);
  await t.expectText("1 of 1 taken, 0 waiting");
  await t.expectText(second.email);
  await t.promise("the list of who comes is a CSV file too", async () => {
    const { status, text } = await t.fetch(`/officer/events/${place}/people.csv`);
    return status === 200 && text.includes(second.email) ? [] : [`it answered ${status}`];
  });
  await t.follow(/cancel this event/i);
  await t.press(/cancel the event/i);
  await t.expectError("Why do you cancel?", "Say why");
  await t.fill({ "Why do you cancel?": "The hall has no heating." });
  await t.press(/cancel the event/i);
  await t.expectText("The event is cancelled");
  await t.promise("everybody who booked is told why", async () => {
    const letter = await t.server.letter(second.email, new RegExp(`Cancelled: ${title}`));
    return letter.text.includes("The hall has no heating.") ? [] : [letter.text];
  });
  await t.press(/sign out/i);
  await t.visit(`/events/${place}`);
  await t.expectText("This event has been cancelled");
}
