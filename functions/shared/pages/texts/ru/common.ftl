# Texts that stand on every page.
site-name = Вместе
skip-to-content = Перейти к содержанию
language-ru = Русский
language-en = English
sign-in = Войти
sign-out = Выйти
nav-label = Основное меню
nav-home = Главная
nav-report = Сообщить о проблеме
nav-own = Мои обращения
nav-inbox = Входящие
nav-dashboard = Показатели
nav-search = Поиск
nav-matrix = Карта проблем
nav-directory = Справочник
nav-help = Помощь
keys-on = Выключить клавиши-буквы
keys-off = Включить клавиши-буквы
footer-what = Сообщения о проблемах, ответы на них и то, что из них видно.
field-optional = (необязательно)
field-error = Ошибка:
field-limit = Не больше { $shown } { $n ->
    [one] знака
   *[other] знаков
}
field-left = Осталось знаков: #
field-over = Лишних знаков: #
form-errors = Исправьте, пожалуйста
date-and-time = { $date }, { $time }
month-1 = января
month-2 = февраля
month-3 = марта
month-4 = апреля
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = августа
month-9 = сентября
month-10 = октября
month-11 = ноября
month-12 = декабря
count-days = { $shown } { $n ->
    [one] день
    [few] дня
   *[other] дней
}
count-working-days = { $shown } { $n ->
    [one] рабочий день
    [few] рабочих дня
   *[other] рабочих дней
}
page-next = Дальше
page-first = В начало
count-submissions = { $shown } { $n ->
    [one] сообщение
    [few] сообщения
   *[other] сообщений
}
