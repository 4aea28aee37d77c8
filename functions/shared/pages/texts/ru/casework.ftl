# The organization's workspace.
# The inbox.
inbox-views = Части списка
inbox-view-all = Все
inbox-view-overdue = Просрочены
inbox-view-today = Срок сегодня
inbox-view-new = Новые
inbox-view-nobody = Без исполнителя
inbox-view-disputed = Не согласны
inbox-view-mine = Мои
inbox-view-sign = На подпись
inbox-filters = Отобрать
inbox-category = Тема
inbox-status = Состояние
inbox-assignee = Исполнитель
inbox-kind = Вид
inbox-organization = Организация
inbox-any = Любое
inbox-own = Наша
inbox-under = Подведомственные
inbox-under-true = Вместе с подведомственными
inbox-under-false = Только сама организация
inbox-show = Показать
inbox-clear = Сбросить отбор
inbox-load = Сейчас в работе:
inbox-empty-all = Открытых сообщений нет.
inbox-empty-overdue = Просроченных нет.
inbox-empty-today = Ни один срок сегодня не кончается.
inbox-empty-new = Новых сообщений нет.
inbox-empty-nobody = У каждого сообщения есть исполнитель.
inbox-empty-disputed = Нет ответов, с которыми автор не согласился.
inbox-empty-mine = На вас ничего не назначено.
inbox-empty-sign = Подписывать нечего.
inbox-empty-filtered = По этому отбору ничего нет.
inbox-none-here = Среди просмотренных такого нет; дальше может быть.
inbox-order = сначала самые срочные
inbox-all-of-page = Отметить все на странице
inbox-tick = Отметить: { $what }
inbox-due = Срок
inbox-what = О чём
inbox-where = Где
inbox-nobody = никто
inbox-was-with = { $name } больше не может ответить
inbox-left = { $name } (не может ответить)
inbox-preview = Сообщение рядом со списком
inbox-preview-hint = Нажмите на строку, и сообщение появится здесь.
brief-received = принято
brief-registered = новое
brief-routed = новое
brief-assigned = в работе
brief-drafted = на подписи
brief-reopened = снова в работе
bulk-assign = Назначить исполнителя { $shown } { $n ->
    [one] сообщению
   *[other] сообщениям
}
bulk-forward = Переадресовать { $shown } { $n ->
    [one] сообщение
    [few] сообщения
   *[other] сообщений
}
bulk-register = Зарегистрировать { $shown } { $n ->
    [one] обращение
    [few] обращения
   *[other] обращений
}
bulk-reject = Отклонить { $shown } { $n ->
    [one] сообщение
    [few] сообщения
   *[other] сообщений
}
bulk-assign-open = Назначить…
bulk-forward-open = Переадресовать…
bulk-register-open = Зарегистрировать…
bulk-reject-open = Отклонить…
bulk-with = Что отмечено
bulk-back = Назад к списку
bulk-cancel = Ничего не делать
bulk-nothing = Ничего не отмечено. Вернитесь к списку и отметьте сообщения.
bulk-not-allowed = Ваша роль не позволяет этого шага.
case-open = Открыть
inbox-disputed = не согласен
inbox-days-left-brief = { $n } дн.
inbox-days-over-brief = −{ $n } дн.
inbox-paused = пауза
inbox-due-today = сегодня
inbox-days-left = ещё { $shown } { $n ->
    [one] день
    [few] дня
   *[other] дней
}
inbox-days-over = просрочено на { $shown } { $n ->
    [one] день
    [few] дня
   *[other] дней
}
inbox-with-chosen = С отмеченными
inbox-assign = Назначить
inbox-refused = Не получилось: { $shown } { $n ->
    [one] сообщение
    [few] сообщения
   *[other] сообщений
}
inbox-refused-rest = С остальными отмеченными всё сделано.
done-bulk-assigned = Исполнитель назначен.
done-bulk-forwarded = Сообщения переадресованы.
done-bulk-registered = Обращения зарегистрированы.
done-bulk-rejected = Сообщения отклонены.
# A case.
case-nav = Рабочее место
case-to-inbox = Входящие
case-number = № { $number }
case-copy = Скопировать номер
case-copied = Скопировано
case-disputed = Автор не согласен с ответом
case-disputed-solved = Пишет, что проблема решена
case-disputed-unsolved = Пишет, что проблема не решена
case-disputed-silent = Без пояснений.
case-answered-before = { $name } · отвечал на это
case-previous = Предыдущее
case-next = Следующее
case-since = Пока вы заполняли форму
case-lost = Что вы написали
case-lost-hint = Сейчас этот шаг невозможен. Скопируйте текст, если он ещё нужен.
case-text = Текст
case-place = Место
case-author = Автор
case-external = Номер в другой системе
case-organization = Организация
case-not-routed = ещё не выбрана
case-answer = Опубликованный ответ
case-planned-by = до { $date }
case-mark = Оценка автора: { $n } из 5
case-similar = Похожие сообщения с ответами
case-similar-link = Открыть похожие сообщения
case-history = История
case-terms = Сроки и исполнитель
case-register-by = Зарегистрировать до
case-answer-by = Ответить до
case-assignee = Исполнитель
case-assigned-to-me = вы
case-nobody = никто не назначен
case-draft = Ответ на подпись
case-approve = Подписать
case-approve-next = Подписать и открыть следующее
case-send-back = Вернуть на доработку
case-send-back-note = Что исправить
case-send-back-do = Вернуть
case-was-sent-back = Ответ вернули на доработку
case-register = Регистрация
case-register-hint = Со дня регистрации идёт срок ответа на обращение.
case-register-do = Зарегистрировать
case-assign = Назначить исполнителя
case-caseworker = Исполнитель
case-assign-me = Взять себе
case-assign-do = Назначить
case-assign-next = Назначить и открыть следующее
case-no-caseworkers = В организации нет исполнителей. Роли назначает администратор.
case-reassign = Сменить исполнителя
case-choose = Выберите
case-write-answer = Ответ
case-take-and-answer = Взять себе и ответить
case-template = Шаблон ответа
case-template-insert = Вставить
case-outcome = Что сделано
case-planned = Обещанный день
case-planned-hint = Только для «Запланировано»
case-answer-text = Текст ответа автору
case-draft-do = Отправить на подпись
case-draft-next = На подпись и открыть следующее
case-change-draft = Изменить ответ
case-others = Другие действия
case-interim = Промежуточный ответ
case-interim-text = Что сообщить автору
case-interim-hint = Автор увидит это сразу. Срок основного ответа не меняется.
case-interim-do = Отправить автору
case-forward = Переадресовать
case-forward-to = Организация
case-forward-hint = Название из списка или код
case-forward-do = Переадресовать
case-note = Примечание
case-note-to-author = Объяснение для автора
case-return = Вернуть отправителю
case-return-note = Почему
case-return-do = Вернуть
case-pause = Приостановить срок
case-pause-do = Приостановить
case-resume = Возобновить срок
case-extend = Продлить срок
case-extend-days = На сколько дней
case-extend-do = Продлить
case-reject = Отклонить
case-reason = Причина отклонения
case-reject-do = Отклонить
case-nothing-to-do = Вашим ролям сейчас делать здесь нечего.
done-case-registered = Обращение зарегистрировано.
done-case-rejected = Сообщение отклонено, автор увидит причину.
done-case-assigned = Исполнитель назначен.
done-case-forwarded = Сообщение переадресовано.
done-case-returned = Сообщение возвращено отправителю.
done-case-drafted = Ответ отправлен на подпись.
done-case-answered-interim = Промежуточный ответ отправлен автору.
done-case-approved = Ответ подписан и опубликован.
done-case-sent-back = Ответ возвращён на доработку.
done-case-paused = Срок приостановлен.
done-case-resumed = Срок снова идёт.
done-case-extended = Срок продлён.
# Answer templates.
templates-title = Шаблоны ответов
templates-lead = Готовые тексты для частых ответов. Ими пользуются ваша организация и подведомственные.
templates-empty = Шаблонов пока нет.
templates-every-category = Для любой темы
templates-new = Новый шаблон
templates-add = Добавить шаблон
template-name = Название
template-category = Тема
template-text = Текст
template-blanks = Вместо {"{category}"}, {"{place}"}, {"{received}"} и {"{organization}"} в ответ попадут тема, место, день получения и ваша организация.
template-save = Сохранить
template-remove = Удалить шаблон
done-template-written = Шаблон сохранён.
done-template-removed = Шаблон удалён.
# Refusals.
problem-nothing-chosen = Отметьте хотя бы одно сообщение
problem-too-many-chosen = За один раз можно отметить не больше 100 сообщений
problem-no-caseworker = Исполнителя «{ $wanted }» нет
problem-not-their-organization = «{ $wanted }» не работает в этой организации
problem-too-many-templates = Шаблонов уже 200. Удалите лишние
