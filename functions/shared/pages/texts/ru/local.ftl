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
