"""The web app's pages as a person uses them: what is seen, what is pressed."""

from __future__ import annotations

from typing import Any, ClassVar

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.kit.stack import Stack

TROUBLE = ("error", "warning")
# Chromium's own remarks that are no fault of the page.
_HARMLESS = ("AudioContext was not allowed to start", "ERR_CONNECTION_REFUSED", "WebSocket connection to")


class WebPage:
    """One tab; collects what the page complains about."""

    def __init__(self, page: Page, stack: Stack) -> None:
        self.page = page
        self.stack = stack
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type in TROUBLE and not any(known in message.text for known in _HARMLESS)
                else None
            ),
        )

    def part(self, name: str):  # type: ignore[no-untyped-def]
        """An element by its test id."""
        return self.page.get_by_test_id(name)


class DeskPage(WebPage):
    """The agent's desk."""

    @classmethod
    async def open(cls, context: BrowserContext, stack: Stack, username: str = "8001") -> DeskPage:
        """Logs in as a person does and waits until the telephone is registered."""
        desk = cls(await context.new_page(), stack)
        await desk.page.goto(f"{stack.url}/login")
        await desk.page.fill("#username", username)
        await desk.page.fill("#password", stack.password_of(username))
        await desk.page.press("#password", "Enter")
        await desk.registered()
        return desk

    async def registered(self) -> None:
        await expect(self.page.locator(".bar .line")).to_contain_text(("话机已注册"), timeout=30_000)

    async def state(self, text: str, seconds: float = 30) -> None:
        """Waits until the telephone bar shows this state."""
        await expect(self.page.locator(".bar .name")).to_contain_text(text, timeout=seconds * 1000)

    async def ready(self) -> None:
        """Takes calls, whatever the agent was doing before; one who came back within two minutes is ready already."""
        name = self.page.locator(".bar .name")
        await expect(name).not_to_have_text("未签入")
        if "就绪" not in await name.inner_text():
            await self.page.keyboard.press("Alt+r")
            warning = self.page.get_by_role("button", name="结束整理")
            await expect(warning.or_(name.filter(has_text="就绪"))).to_be_visible()
            if await warning.is_visible():
                await warning.click()
        await self.state("就绪")

    async def not_ready(self, reason: str = "小休") -> None:
        await self.page.get_by_role("button", name="示忙").click()
        await self.page.get_by_role("menuitem", name=reason).click()
        await self.state("示忙")
        await expect(self.page.locator(".bar .line")).to_contain_text(reason)

    async def rings(self, seconds: float = 20) -> None:
        """Waits for the caller card of a ringing call."""
        await expect(self.part("caller-card")).to_be_visible(timeout=seconds * 1000)
        await self.state("来电振铃")

    async def answer(self) -> None:
        await expect(self.page.locator(".act.answer")).to_be_enabled()
        await self.page.keyboard.press("F2")
        await self.state("通话中")

    async def hang_up(self) -> None:
        await self.page.keyboard.press("F9")
        await self.state("话后整理")

    async def consults(self, number: str) -> None:
        """Calls a unit in addition, without telling it first what it is about."""
        answered = await self.page.evaluate(
            """async (number) => (await fetch('/api/v1/call/consult', {
              method: 'POST',
              headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'hotline' },
              body: JSON.stringify({ number, brief: false }),
            })).status""",
            number,
        )
        assert answered == 200

    async def write(self, title: str, text: str) -> None:
        """Fills the ticket form in; waits until the draft is stored."""
        await self.page.fill("#f-title", title)
        await self.page.fill("#f-text", text)
        await self.draft_stored()

    async def draft_stored(self) -> None:
        await expect(self.part("draft-state")).to_have_attribute("data-state", "saved", timeout=15000)

    async def choose_category(self, word: str) -> None:
        """Finds a category by a word of its name, as typed by an agent."""
        await self.page.get_by_label("事项分类").click()
        await self.page.keyboard.type(word)
        await self.page.locator(".el-cascader__suggestion-item:visible").first.click()

    async def save(self) -> str:
        """Saves with the keyboard; the ticket's number."""
        await self.page.keyboard.press("Control+s")
        await expect(self.part("ticket-saved")).to_be_visible()
        return (await self.part("ticket-saved").locator(".code").inner_text()).strip()

    async def done(self, *, unsaved: bool = False) -> None:
        """Ends wrap-up; ``unsaved``: in spite of the warning that the form is in no ticket."""
        await self.page.keyboard.press("Alt+r")
        if unsaved:
            await self.page.get_by_role("button", name="结束整理").click()
        await self.state("就绪")


class CitizenPage(WebPage):
    """The demo citizen's telephone."""

    _cookies: ClassVar[dict[str, list[Any]]] = {}

    @classmethod
    async def open(cls, context: BrowserContext, stack: Stack) -> CitizenPage:
        # The demo has two telephones and lends each for a minute; the same browser is given the same one again.
        await context.add_cookies(cls._cookies.get(stack.url, []))
        citizen = cls(await context.new_page(), stack)
        await citizen.page.goto(f"{stack.url}/phone")
        await expect(citizen.page.locator(".dial")).to_be_enabled(timeout=30_000)
        cls._cookies[stack.url] = [
            {"name": cookie["name"], "value": cookie["value"], "url": stack.url} for cookie in await context.cookies()
        ]
        return citizen

    async def dial(self, *, skip: bool = True) -> None:
        """Dials and waits until the hotline has answered; ``skip``: goes past the greeting with 0."""
        await self.page.click(".dial")
        await self.call("talking")
        if skip:
            await self.press("0")

    async def press(self, key: str) -> None:
        """One key of the telephone."""
        await self.page.get_by_role("button", name=key, exact=True).click()

    async def call(self, state: str, seconds: float = 25) -> None:
        await expect(self.part("citizen-phone")).to_have_attribute("data-call", state, timeout=seconds * 1000)

    async def hang_up(self) -> None:
        await self.page.click(".dial.off")
        await self.call("idle")


class MatterPage(WebPage):
    """Anybody's log-in, at a ticket or at the units' inbox: verbs are buttons, their forms dialogues."""

    @classmethod
    async def open(cls, context: BrowserContext, stack: Stack, username: str) -> MatterPage:
        person = cls(await context.new_page(), stack)
        await person.page.goto(f"{stack.url}/login")
        await person.page.fill("#username", username)
        await person.page.fill("#password", stack.password_of(username))
        await person.page.press("#password", "Enter")
        await expect(person.page.locator("nav a")).not_to_have_count(0)
        return person

    async def see(self, ticket_id: str) -> None:
        """The ticket's own page, as it stands now."""
        await self.page.goto(f"{self.stack.url}/tickets/{ticket_id}")
        await expect(self.page.locator("h1.figures")).not_to_have_text("工单")

    async def work(self, title: str) -> None:
        """One piece of work in the unit's inbox, by its ticket's title."""
        await self.page.goto(f"{self.stack.url}/inbox")
        await self.page.locator("button.row", has_text=title).click()
        await expect(self.page.locator(".beside h3").first).to_have_text(title)

    async def pick(self, verb: str) -> Locator:
        """Opens a verb's form from its button or from the menu "more"; the dialogue."""
        button = self.page.locator(".verbs").get_by_role("button", name=verb, exact=True)
        more = self.page.locator(".verbs").get_by_role("button", name="更多")
        await expect(button.or_(more).first).to_be_visible()
        if await button.count():
            await button.first.click()
        else:
            # Only the menu that holds the verb has an entry of this name in the page.
            entry = self.page.locator("li[role=menuitem]").get_by_text(verb, exact=True)
            for menu in await more.all():
                await menu.click()
                shown = self.page.locator("ul[role=menu]").locator("visible=true")
                await expect(shown).to_have_count(1)
                if await shown.get_by_role("menuitem", name=verb, exact=True).count():
                    break
                await menu.click()
                await expect(shown).to_have_count(0)
            await entry.locator("visible=true").click()
        form = self.page.get_by_role("dialog", name=verb)
        await expect(form).to_be_visible()
        return form

    async def act(self, verb: str, **fields: str) -> None:
        """Carries a verb out; ``fields`` are the form's labels with what is written into them."""
        form = await self.pick(verb)
        for label, text in fields.items():
            await form.get_by_label(label, exact=True).first.fill(text)
        await self.send(form)

    async def send(self, form: Locator) -> None:
        await form.locator("button.send").click()
        await expect(form).to_have_count(0)

    async def choose(self, form: Locator, label: str, word: str) -> None:
        """Picks from a select box of the form."""
        await form.get_by_label(label, exact=True).first.click()
        await self.page.locator(".el-select-dropdown__item:visible", has_text=word).first.click()

    async def status(self, text: str) -> None:
        """The ticket's status as its page shows it."""
        await expect(self.page.locator("h1.figures ~ .tag").first).to_have_text(text)
