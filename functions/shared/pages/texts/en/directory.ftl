# The directory and its changes.
directory-menu = Parts of the directory
directory-menu-all = Whole directory
directory-menu-history = History of changes
directory-menu-load = Load a file
directory-version = Version { $version },
directory-version-short = Version { $version }
directory-version-before = Version before this
directory-by-command = by the command line
directory-what-changed = What has changed
directory-search-all = Find in the directory
directory-search = Find in the list
directory-search-hint = Part of a name or id
directory-search-hint-people = Part of the person's id, or of the name or id of their organization
directory-find = Find
directory-show-all = Show all
directory-found = Found
directory-nothing-found = Nothing was found. Try to write less.
directory-all-found = Show all: { $shown } { $n ->
    [one] entry
   *[other] entries
}
directory-count-entries = { $shown } { $n ->
    [one] entry
   *[other] entries
}
directory-pages = Pages of the list
directory-sections = Sections
directory-section-calendars = Calendars
directory-section-territories = Territories
directory-section-organizations = Organizations
directory-section-categories = Topics
directory-section-routing_rules = Routing rules
directory-section-deadline_rules = Deadline rules
directory-section-people = Staff
directory-about-calendars = Holidays and working Saturdays by which terms are counted
directory-about-territories = Where problems are: region, towns, districts
directory-about-organizations = Who answers, and who is above whom
directory-about-categories = What people write about: groups and the topics in them
directory-about-routing_rules = Which organization answers for which topic, and where
directory-about-deadline_rules = How many days there are to register, to answer, to rate
directory-about-people = Who works in the organizations and what they may do
directory-add-calendars = Add a calendar
directory-add-territories = Add a territory
directory-add-organizations = Add an organization
directory-add-categories = Add a topic
directory-add-routing_rules = Add a rule
directory-add-deadline_rules = Add a rule
directory-add-people = Add a member of staff
directory-new-calendars = New calendar
directory-new-territories = New territory
directory-new-organizations = New organization
directory-new-categories = New topic
directory-new-routing_rules = New routing rule
directory-new-deadline_rules = New deadline rule
directory-new-people = New member of staff
directory-column-section = Section
directory-column-entries = Entries
directory-column-about = What is in it
directory-column-entry = Entry
directory-column-version = Version
directory-column-when = When
directory-column-who = Who
directory-column-kind = What was done
directory-column-fields = What has changed
directory-field-id = Id
directory-field-name = Name
directory-field-parent = Part of
directory-field-organization = Organization
directory-field-roles = Roles
directory-field-category = Topic
directory-field-territory = Territory
directory-field-time_zone = Time zone
directory-field-calendar = Calendar
directory-field-default_organization = Default organization
directory-field-kind = What it is for
directory-field-clock = Which term
directory-field-days = Days
directory-field-unit = Which days count
directory-field-roll = If the last day is a day off
directory-field-extension = Days it can be extended by
directory-field-pausable = Can it be paused
directory-field-remind_before = Days before the end to remind
directory-field-escalate_after = Days overdue to tell the organization above
directory-field-days_off = Days off
directory-field-working_days = Working Saturdays and Sundays
directory-clock-registration = registration
directory-clock-redirect = forwarding
directory-clock-answer = answer
directory-clock-rating = rating of the answer
directory-unit-calendar_days = calendar days
directory-unit-working_days = working days
directory-roll-keep = the term ends on that day
directory-roll-previous = the term ends on the working day before
directory-roll-next = the term ends on the working day after
directory-pausable-true = yes
directory-pausable-false = no
directory-role-coordinator = receives, assigns, forwards
directory-role-caseworker = drafts answers
directory-role-approver = signs answers and extends terms
directory-role-moderator = rejects what is no submission
directory-role-workspace_admin = keeps the directory; at the very top, the whole of it
directory-role-poll_organizer = prepares polls and says what became of them
directory-role-analyst = reads and searches everything, changes nothing
directory-id-hint = A short lasting id without spaces, for example city-park. It cannot be changed later.
directory-id-hint-people = The person's id in the sign-in system. Their name appears once they have signed in.
directory-name-or-id = The id or the exact name
directory-root = Of nothing: this is the very top
directory-from-above = As the territory above
directory-time-zone-hint = For example Europe/Samara. Empty: as the territory above
directory-default-organization-hint = It decides where to send what no rule covers. The id or the exact name; empty: as the territory above
directory-group-hint = A topic is part of a group. A group is part of nothing
directory-no-group = Of nothing: this is a group
directory-category-hint = A rule for a group holds for all of its topics that have none of their own
directory-any-category = Any topic
directory-territory-hint = The rule holds for everything inside the territory too
directory-everywhere = Everywhere
directory-choose = Choose
directory-days-count-hint = From 1 to 365
directory-roll-hint = By the calendar of the territory
directory-extension-hint = Once; empty: not at all
directory-pausable-label = The term can be paused
directory-remind-hint = Before the end of the term, in calendar days
directory-escalate-hint = In calendar days; empty: never
directory-days-hint = One line per day: date and name, for example “2027-01-01 New Year holidays”. Ordinary Saturdays and Sundays are not needed
directory-working-days-hint = The same way: “2027-02-20 Working Saturday instead of 22 February”
directory-save = Save
directory-remove = Remove from the directory
directory-remove-calendars = A calendar can be removed if no territory uses it.
directory-remove-territories = A territory can be removed if there is none inside it and no rule for it. Submissions that were received stay.
directory-remove-organizations = An organization can be removed if there is none under it and it has no staff and no rules. Submissions that were received stay.
directory-remove-categories = A topic can be removed if there is none inside it and no rule for it. Submissions that were received stay.
directory-remove-routing_rules = New submissions will go by another rule, or to the default organization.
directory-remove-deadline_rules = New terms will be counted by a more general rule. Terms that were set stay as they are.
directory-remove-people = The person loses all roles at once. What they did stays in the history.
directory-remove-yes = Remove
directory-elsewhere = { $entry }: { $reason }
directory-history-about = Every change of the directory is a new version. See who changed what, and when.
directory-newest-first = Newest first
directory-no-changes = Nothing has changed
directory-changes = Changed entries
directory-count-added = { $shown } added
directory-count-changed = { $shown } changed
directory-count-removed = { $shown } removed
directory-kind-added = added
directory-kind-changed = changed
directory-kind-removed = removed
directory-was = before:
directory-now = now:
directory-load-about = First you see what would change. It is stored only when you confirm it.
directory-file = JSON file
directory-file-hint = Up to 1 MB. For larger files and CSV tables use the command
directory-mode = What to do with what is there
directory-mode-merge = Add the entries of the file; those with the same id are replaced
directory-mode-replace = Replace whole sections: what is not in the file is removed
directory-preview = See what would change
directory-format = What the file looks like
directory-format-about = The file has any of the sections, each a list of entries. Sections that are not in the file stay as they are.
directory-preview-title = What would change
directory-preview-about = Nothing is stored yet.
directory-preview-wrong = This cannot be stored
directory-preview-same = The file says what is there already: nothing to change.
directory-more-problems = And more mistakes: { $shown }
directory-more-changes = And { $shown } more { $n ->
    [one] entry
   *[other] entries
}
directory-apply = Store the changes
directory-other-file = Choose another file
done-entry-saved = Saved. It is in force already.
done-entry-removed = Removed from the directory.
done-directory-changed = The changes are stored. They are in force already.
problem-used-twice = The id “{ $wanted }” is taken
problem-above-itself = “{ $wanted }” would be part of itself: choose another one
problem-no-territory = There must be at least one territory
problem-second-root = Only one territory can be at the very top: choose what this one is part of
problem-root-time-zone = The territory at the very top needs a time zone, for example Europe/Moscow
problem-root-organization = The territory at the very top needs a default organization
problem-no-time-zone = There is no time zone “{ $wanted }”. Write it as in the example: Europe/Moscow
problem-topic-in-topic = A topic is part of a group, not of another topic
problem-same-rule = There is a rule for this topic and territory already: “{ $wanted }”
problem-days-range = Write a number from 1 to 365
problem-extension-range = Write a number of at most 365
problem-no-role = Choose at least one role
problem-no-entry-id = An id has no spaces, no # and no /, and at most { $limit } characters
problem-day-line = Line { $line }: first the date, for example 2027-01-01, then the name; each date once
problem-missing-term = Without this rule there would be no term. A general rule without a topic is needed: { $kind ->
    [appeal] appeal
   *[other] report
}, { $clock ->
    [registration] registration
    [redirect] forwarding
    [rating] rating of the answer
   *[other] answer
}
problem-still-used = { $section ->
    [territories] The territory
    [organizations] The organization
    [categories] The topic
    [routing_rules] The routing rule
    [deadline_rules] The deadline rule
    [people] The member of staff
   *[other] The entry
} “{ $wanted }” refers to this entry
problem-still-used-more = And so many more: { $n }
problem-lock-out = You would be no administrator any more. Another administrator can do this
problem-no-file = Choose a file
problem-file-too-large = The file is larger than 1 MB. Load it with the command vmeste directory load
problem-file-no-text = This is no text in UTF-8
problem-file-no-json = This is no JSON: the mistake is in line { $line }
problem-file-entry = Line { $line }, { $wanted }: a directory does not say it this way
