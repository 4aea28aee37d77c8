# The directory and its changes.
directory-menu = Разделы справочника
directory-menu-all = Весь справочник
directory-menu-history = История изменений
directory-menu-load = Загрузить файл
directory-version = Версия { $version },
directory-version-short = Версия { $version }
directory-version-before = Предыдущая версия
directory-by-command = через командную строку
directory-what-changed = Что изменилось
directory-search-all = Найти в справочнике
directory-search = Найти в списке
directory-search-hint = Часть названия или кода
directory-search-hint-people = Часть кода сотрудника либо названия или кода его организации
directory-find = Найти
directory-show-all = Показать все
directory-found = Найдено
directory-nothing-found = Ничего не нашлось. Попробуйте написать короче.
directory-all-found = Показать все: { $shown } { $n ->
    [one] запись
    [few] записи
   *[other] записей
}
directory-count-entries = { $shown } { $n ->
    [one] запись
    [few] записи
   *[other] записей
}
directory-pages = Страницы списка
directory-sections = Разделы
directory-section-calendars = Календари
directory-section-territories = Территории
directory-section-organizations = Организации
directory-section-categories = Темы
directory-section-routing_rules = Правила направления
directory-section-deadline_rules = Правила сроков
directory-section-people = Сотрудники
directory-about-calendars = Праздники и рабочие субботы, по которым считаются сроки
directory-about-territories = Где бывают проблемы: область, города, районы
directory-about-organizations = Кто отвечает на сообщения и кто кому подчинён
directory-about-categories = О чём пишут: группы и темы в них
directory-about-routing_rules = Какая организация отвечает за какую тему и где
directory-about-deadline_rules = Сколько дней даётся на регистрацию, ответ и оценку
directory-about-people = Кто работает в организациях и что им разрешено
directory-add-calendars = Добавить календарь
directory-add-territories = Добавить территорию
directory-add-organizations = Добавить организацию
directory-add-categories = Добавить тему
directory-add-routing_rules = Добавить правило
directory-add-deadline_rules = Добавить правило
directory-add-people = Добавить сотрудника
directory-new-calendars = Новый календарь
directory-new-territories = Новая территория
directory-new-organizations = Новая организация
directory-new-categories = Новая тема
directory-new-routing_rules = Новое правило направления
directory-new-deadline_rules = Новое правило срока
directory-new-people = Новый сотрудник
directory-column-section = Раздел
directory-column-entries = Записей
directory-column-about = Что здесь
directory-column-entry = Запись
directory-column-version = Версия
directory-column-when = Когда
directory-column-who = Кто
directory-column-kind = Что сделано
directory-column-fields = Что изменилось
directory-field-id = Код
directory-field-name = Название
directory-field-parent = Входит в
directory-field-organization = Организация
directory-field-roles = Роли
directory-field-category = Тема
directory-field-territory = Территория
directory-field-time_zone = Часовой пояс
directory-field-calendar = Календарь
directory-field-default_organization = Организация по умолчанию
directory-field-kind = К чему относится
directory-field-clock = Какой срок
directory-field-days = Дней
directory-field-unit = Какие дни считаются
directory-field-roll = Если последний день выходной
directory-field-extension = На сколько дней можно продлить
directory-field-pausable = Можно ли приостановить
directory-field-remind_before = За сколько дней напомнить
directory-field-escalate_after = Через сколько дней просрочки сообщить выше
directory-field-days_off = Выходные дни
directory-field-working_days = Рабочие субботы и воскресенья
directory-clock-registration = регистрация
directory-clock-redirect = переадресация
directory-clock-answer = ответ
directory-clock-rating = оценка ответа
directory-unit-calendar_days = календарные дни
directory-unit-working_days = рабочие дни
directory-roll-keep = срок кончается в этот день
directory-roll-previous = срок кончается в рабочий день перед ним
directory-roll-next = срок кончается в рабочий день после него
directory-pausable-true = да
directory-pausable-false = нет
directory-role-coordinator = принимает сообщения, назначает исполнителей, переадресует
directory-role-caseworker = готовит ответы
directory-role-approver = подписывает ответы и продлевает сроки
directory-role-moderator = отклоняет то, что не является сообщением
directory-role-workspace_admin = ведёт справочник; на самом верху — весь
directory-role-poll_organizer = готовит голосования и сообщает, что стало с выбранным
directory-role-analyst = читает и ищет всё, ничего не меняет
directory-id-hint = Постоянный короткий код без пробелов, например park-kultury. Потом его не изменить.
directory-id-hint-people = Код сотрудника в системе входа. Имя появится, когда он войдёт.
directory-name-or-id = Код или точное название
directory-root = Ни во что: это самый верх
directory-from-above = Как у территории выше
directory-time-zone-hint = Например, Europe/Samara. Пусто — как у территории выше
directory-default-organization-hint = Решает, куда направить, если подходящего правила нет. Код или точное название; пусто — как у территории выше
directory-group-hint = Тема входит в группу. Группа не входит никуда
directory-no-group = Никуда: это группа
directory-category-hint = Правило для группы действует на все её темы, для которых нет своего
directory-any-category = Любая тема
directory-territory-hint = Правило действует и на всё, что внутри территории
directory-everywhere = Везде
directory-choose = Выберите
directory-days-count-hint = От 1 до 365
directory-roll-hint = Считается по календарю территории
directory-extension-hint = Один раз; пусто — нельзя
directory-pausable-label = Срок можно приостановить
directory-remind-hint = До конца срока, в календарных днях
directory-escalate-hint = Организации выше, в календарных днях; пусто — никогда
directory-days-hint = По строке на день: дата и название, например «2027-01-01 Новогодние каникулы». Обычные субботы и воскресенья не нужны
directory-working-days-hint = Так же: «2027-02-20 Рабочая суббота вместо 22 февраля»
directory-save = Сохранить
directory-remove = Удалить из справочника
directory-remove-calendars = Календарь можно удалить, если им не пользуется ни одна территория.
directory-remove-territories = Территорию можно удалить, если в ней нет других и нет правил для неё. Уже принятые сообщения останутся.
directory-remove-organizations = Организацию можно удалить, если ей никто не подчинён, у неё нет сотрудников и правил. Уже принятые сообщения останутся.
directory-remove-categories = Тему можно удалить, если в ней нет других тем и нет правил для неё. Уже принятые сообщения останутся.
directory-remove-routing_rules = Новые сообщения будут направлены по другому правилу или организации по умолчанию.
directory-remove-deadline_rules = Новые сроки будут считаться по более общему правилу. Уже назначенные сроки не изменятся.
directory-remove-people = Сотрудник сразу потеряет все роли. То, что он делал, останется в истории.
directory-remove-yes = Удалить
directory-elsewhere = { $entry }: { $reason }
directory-history-about = Каждое изменение справочника — новая версия. Здесь видно, кто, когда и что изменил.
directory-newest-first = Сначала новые
directory-no-changes = Ничего не изменилось
directory-changes = Изменённые записи
directory-count-added = добавлено { $shown }
directory-count-changed = изменено { $shown }
directory-count-removed = удалено { $shown }
directory-kind-added = добавлено
directory-kind-changed = изменено
directory-kind-removed = удалено
directory-was = было:
directory-now = стало:
directory-load-about = Сначала вы увидите, что изменится. Записано будет, только когда вы это подтвердите.
directory-file = Файл JSON
directory-file-hint = До 1 МБ. Для больших файлов и таблиц CSV есть команда
directory-mode = Что делать с тем, что уже есть
directory-mode-merge = Добавить записи из файла, а с теми же кодами заменить
directory-mode-replace = Заменить разделы целиком: чего в файле нет, то удалится
directory-preview = Посмотреть, что изменится
directory-format = Как выглядит файл
directory-format-about = В файле любые из разделов, в каждом список записей. Разделы, которых в файле нет, не меняются.
directory-preview-title = Что изменится
directory-preview-about = Пока ничего не записано.
directory-preview-wrong = Так записать нельзя
directory-preview-same = В файле то же, что уже есть: менять нечего.
directory-more-problems = И ещё ошибок: { $shown }
directory-more-changes = И ещё { $shown } { $n ->
    [one] запись
    [few] записи
   *[other] записей
}
directory-apply = Записать изменения
directory-other-file = Выбрать другой файл
done-entry-saved = Сохранено. Действует уже сейчас.
done-entry-removed = Удалено из справочника.
done-directory-changed = Изменения записаны. Действуют уже сейчас.
problem-used-twice = Код «{ $wanted }» уже занят
problem-above-itself = «{ $wanted }» входит само в себя: выберите другое
problem-no-territory = Нужна хотя бы одна территория
problem-second-root = На самом верху может быть только одна территория: выберите, во что входит эта
problem-root-time-zone = У самой верхней территории должен быть часовой пояс, например Europe/Moscow
problem-root-organization = У самой верхней территории должна быть организация по умолчанию
problem-no-time-zone = Часового пояса «{ $wanted }» нет. Пишите как в примере: Europe/Moscow
problem-topic-in-topic = Тема входит в группу, а не в другую тему
problem-same-rule = Для этой темы и территории уже есть правило «{ $wanted }»
problem-days-range = Напишите число от 1 до 365
problem-extension-range = Напишите число не больше 365
problem-no-role = Выберите хотя бы одну роль
problem-no-entry-id = В коде не может быть пробелов, знаков # и /, и в нём не больше { $limit } знаков
problem-day-line = Строка { $line }: сначала дата, например 2027-01-01, потом название; каждая дата один раз
problem-missing-term = Без этого правила срок некому назначить. Нужно общее правило без темы: { $kind ->
    [appeal] обращение
   *[other] сообщение
}, { $clock ->
    [registration] регистрация
    [redirect] переадресация
    [rating] оценка ответа
   *[other] ответ
}
problem-still-used = { $section ->
    [territories] Территория
    [organizations] Организация
    [categories] Тема
    [routing_rules] Правило направления
    [deadline_rules] Правило срока
    [people] Сотрудник
   *[other] Запись
} «{ $wanted }» ссылается на эту запись
problem-still-used-more = И ещё таких записей: { $n }
problem-lock-out = Вы бы перестали быть администратором. Это может сделать другой администратор
problem-no-file = Выберите файл
problem-file-too-large = Файл больше 1 МБ. Загрузите его командой vmeste directory load
problem-file-no-text = Это не текст в кодировке UTF-8
problem-file-no-json = Это не JSON: ошибка в строке { $line }
problem-file-entry = Строка { $line }, { $wanted }: так в справочнике не пишут
