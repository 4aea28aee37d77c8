# What only the local host shows.
personas-title = Кем войти
personas-lead = Это пробный вход для разработки и показа: вместо пароля выберите человека. Настоящая система подключает своего поставщика входа.
personas-citizens = Граждане
role-coordinator = координатор
role-caseworker = исполнитель
role-approver = руководитель
role-moderator = модератор
role-workspace_admin = администратор
role-analyst = аналитик
mailbox-title = Отправленные письма
mailbox-lead = Здесь видно, что ушло бы по почте: на этой машине письма складываются в папку.
mailbox-empty = Писем ещё не было.
mailbox-shown = Показаны последние { $shown } из { $all }.
mailbox-subject = Тема
mailbox-to = Кому
mailbox-date = Когда
mailbox-source = Исходный вид письма
