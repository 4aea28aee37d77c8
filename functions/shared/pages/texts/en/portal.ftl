# Home, help, sign-in.
home-title = Report a problem and see what was done
home-heading = Tell us about a problem, and we find who must solve it
home-lead = A pothole, rubbish, a dark street, no appointment with a doctor. The organization answers in time, and you rate the answer. No need to sign in.
home-appeal = Official appeal
home-received = received
home-answered = answered
home-solved = solved
home-how = How it works
home-step-report = You write what happened and where. It takes two minutes.
home-step-route = The report finds the organization that is responsible. You see which one and why.
home-step-answer = The organization answers by a certain day. You see that day and how it was counted.
home-step-rate = You rate the answer. If the problem is not solved, the report goes back to work.
home-track = See how your report stands
tracking-label = Code of the report
tracking-hint = 26 letters and digits that you were given when you sent it. Hyphens and capitals do not matter.
tracking-open = Open
home-lately = Solved lately
home-lately-empty = Solved problems will be shown here.
home-in-days = in { $shown } { $n ->
    [one] day
   *[other] days
}
no-category = No category
done-signed-out = You are signed out.
help-question-write = How do I write so that it is solved sooner?
help-answer-write = One problem, one report. Say what happened, the exact place and what you expect: “In the yard of 5 Ozyornaya street the lamp at the second entrance is dark, please replace the bulb”.
help-question-appeal = What is the difference between a report and an appeal?
help-answer-appeal = A report is the quick way: nobody has to sign in, and it is answered within a few working days. An appeal is an official document under the law on citizens' appeals: you must sign in, it is registered within 3 days and answered within 30.
help-question-term = How is the term counted?
help-answer-term = Every topic has a rule: how many days, and which days count. The page of the report says which rule was used, from which day it counts and which days off were left out.
help-question-code = What is the code of a report for?
help-answer-code = With the code you open the report from any device without signing in. Whoever knows the code can see the report and rate the answer, so do not show it to anybody.
help-question-answer = The answer did not help. What can I do?
help-answer-answer = Give the mark 1 or 2, or say that the problem is not solved, and write why. The report goes back to work with a new term.
help-question-privacy = Who sees what I write?
help-answer-privacy = You see the text, and so do the organization that works on it and analysts. Everybody else sees only topic, district, date and status. Names and e-mail addresses are kept apart.
help-keys = Keys in the workspace
help-key-move = next and previous line of the list
help-key-assign = choose the caseworker
help-key-answer = write the answer
help-key-sign = to the button that signs; Enter signs
help-key-inbox = to the inbox
help-key-search = to the search line
