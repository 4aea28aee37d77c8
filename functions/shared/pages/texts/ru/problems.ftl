# Refusals: a title and a text for each kind, and the reasons by their codes.
problem-home = На главную страницу
problem-request = Номер запроса для службы поддержки:
problem-retry = Обновите страницу через минуту. Если вы отправляли форму, вернитесь к ней и отправьте ещё раз: дважды она не запишется.
problem-title-malformed = Запрос не удалось прочитать
problem-text-malformed = Похоже, ссылка неполная или изменена. Начните с главной страницы.
problem-title-invalid = В запросе есть ошибки
problem-text-invalid = Вернитесь и исправьте то, что названо ниже. Ничего не записано.
problem-title-unauthenticated = Сначала войдите
problem-text-unauthenticated = Эта страница для тех, кто вошёл.
problem-title-forbidden = Недостаточно прав
problem-text-forbidden = Ваши роли этого не позволяют. Роли назначает администратор вашей организации.
problem-title-not-found = Такой страницы нет
problem-text-not-found = Здесь ничего нет, или это видно только автору и тем, кто над этим работает. Проверьте ссылку. Если вы отправляли сообщение, войдя, войдите; если без входа, откройте его по коду на главной странице.
problem-title-conflict = Сейчас этого сделать нельзя
problem-text-conflict = Ничего не записано. Причина названа ниже.
problem-title-stale = Пока вы читали, это изменили
problem-text-stale = Откройте страницу ещё раз, посмотрите, что изменилось, и решите заново. Ничего не записано.
problem-title-key-reused = Эта форма уже отправлена с другим содержанием
problem-text-key-reused = Откройте форму заново и отправьте ещё раз.
problem-title-too-large = Слишком большой файл или текст
problem-text-too-large = Уменьшите его и отправьте ещё раз.
problem-title-method = Так к этой странице обратиться нельзя
problem-text-method = Начните с главной страницы.
problem-title-unavailable = Не отвечает часть системы
problem-text-unavailable = Мы об этом уже знаем.
problem-title-internal = Ошибка на нашей стороне
problem-text-internal = Мы её записали и разберёмся. Попробуйте ещё раз чуть позже.
problem-missing = Заполните это поле
problem-empty = Заполните это поле
problem-unreadable = Проверьте, как это записано
problem-unknown-field = В форме лишнее поле: откройте её заново
problem-invalid = Проверьте это поле
problem-too-long = Слишком длинно: { $length } из { $limit } возможных знаков. Сократите текст
problem-control-character = В тексте есть невидимый служебный знак. Наберите текст заново или вставьте его без оформления
problem-half-a-point = Укажите и широту, и долготу, или не указывайте ничего
problem-latitude = Широта должна быть числом от -90 до 90
problem-longitude = Долгота должна быть числом от -180 до 180
problem-unfilled-blank = Заполните { $blank } или напишите это без квадратных скобок
problem-no-id = В коде могут быть латинские буквы, цифры, точки и дефисы
problem-no-mark = Выберите оценку от 1 до 5
problem-not-said = Отметьте, решена ли проблема
problem-no-text = Напишите, что случилось
problem-no-email = Проверьте адрес почты: он пишется так: имя@example.org
problem-email-known = Вы вошли, и ответ придёт на ваш адрес. Очистите это поле
problem-no-such-code = Такого кода нет. Проверьте, все ли 26 букв и цифр на месте
problem-sent-before = Эта форма уже была отправлена с другим текстом. Если это новое сообщение, отправьте ещё раз
problem-unknown-entry = «{ $wanted }» нет в справочнике. Выберите из списка
problem-ambiguous-entry = С названием «{ $wanted }» записей несколько. Напишите код одной из них: { $candidates }
problem-stale = Пока вы заполняли форму, это изменили. Посмотрите, что изменилось, и отправьте ещё раз
problem-changed-meanwhile = Кто-то изменил это одновременно с вами. Откройте страницу ещё раз и решите заново
problem-appeal-needs-author = Официальное обращение подписывает автор: войдите или отправьте сообщение
problem-not-in-this-status = Сейчас это невозможно: состояние — «{ $status }»
problem-register-first = Обращение сначала нужно зарегистрировать
problem-paused = Срок приостановлен: сначала возобновите его
problem-not-paused = Срок не приостановлен
problem-not-pausable = По правилу этот срок не приостанавливается
problem-already-there = Сообщение уже в этой организации
problem-redirect-term-over = Обращение можно было переадресовать до { $date }; теперь на него отвечаете вы
problem-nothing-to-return = Вернуть некому: сообщение никто не пересылал
problem-not-the-assignee = Ответ готовит назначенный исполнитель
problem-planned-in-the-past = День { $date } уже прошёл: обещать можно только на будущее
problem-extension-too-long = Продлить можно самое большее на { $limit } { $limit ->
    [one] день
    [few] дня
   *[other] дней
}
problem-already-extended = Срок уже продлён на { $days } { $days ->
    [one] день
    [few] дня
   *[other] дней
}; продлить можно один раз
problem-term-over = Срок истёк { $date }, продлить его нельзя
problem-nothing-to-rate = Ответа ещё нет, оценивать нечего
problem-already-rated = Вы уже оценили этот ответ
problem-too-much-text = Слишком много текста, он не сохранится: сократите его
