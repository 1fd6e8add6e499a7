"""All stories by name."""

from __future__ import annotations

from tests.captures import citizen_stories, phone_stories, transfer_stories

STORIES = {
    story.__name__: story
    for stories in (citizen_stories.STORIES, phone_stories.STORIES, transfer_stories.STORIES)
    for story in stories
}
