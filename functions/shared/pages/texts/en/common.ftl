# Texts that stand on every page.
site-name = Vmeste
skip-to-content = Skip to the content
language-ru = Русский
language-en = English
sign-in = Sign in
sign-out = Sign out
nav-label = Main menu
nav-home = Home
nav-report = Report a problem
nav-own = My submissions
nav-inbox = Inbox
nav-dashboard = Figures
nav-search = Search
nav-matrix = Problem map
nav-directory = Directory
nav-help = Help
keys-on = Switch the letter keys off
keys-off = Switch the letter keys on
footer-what = Reports of problems, the answers to them, and what they show together.
field-optional = (optional)
field-error = Error:
field-limit = At most { $shown } { $n ->
    [one] character
   *[other] characters
}
field-left = Characters left: #
field-over = Characters too many: #
form-errors = Please put this right
date-and-time = { $date }, { $time }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
count-days = { $shown } { $n ->
    [one] day
   *[other] days
}
count-working-days = { $shown } { $n ->
    [one] working day
   *[other] working days
}
page-next = Next
page-first = To the beginning
count-submissions = { $shown } { $n ->
    [one] submission
   *[other] submissions
}
